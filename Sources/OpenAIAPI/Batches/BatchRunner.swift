import Answers
import Dispatch
import ImageStore
import Logging
import ObjectStore
import Synchronization
import SystemCalls
package import SystemPackage

/// Performs batches, on a thread of its own in each worker. Whichever worker lives goes on with a batch where the last one stopped. The same
/// goes for events of which webhooks were not told.
package final class BatchRunner: Sendable {
  private let service: APIService

  package init(of service: APIService) { self.service = service }

  package func start() throws(Errno) {
    try detachThread {
      // Clients that wait go first.
      lowerPriority(to: Self.niceness)
      self.run()
    }
  }

  private static let niceness: CInt = 5

  /// Ends when the worker begins to stop: others take its batches over.
  private func run() {
    let jobs = BatchJobs(of: service)
    while !service.isLeaving.load(ordering: .relaxed) {
      jobs.look()
      let last = Instant.now
      while jobs.step(), .now - last < Self.interval, !service.isLeaving.load(ordering: .relaxed) {}
      if !jobs.isDue { service.batchAlarm.wait(atMost: min(Self.interval, jobs.rest)) }
    }
  }

  /// How often to look for batches that other workers left, or that clients created at other workers.
  private static let interval = Duration.seconds(1)
}

/// Wakes the runner of this worker.
final class BatchAlarm: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func ring() { semaphore.signal() }

  func wait(atMost limit: Duration) { _ = semaphore.wait(timeout: .now() + max(0.001, limit / .seconds(1))) }
}

/// The batches that this worker has claimed. Confined to one thread.
final class BatchJobs {
  private let service: APIService
  private let shelf: BatchShelf
  private var jobs: [BatchJob] = []
  /// Those that never change again.
  private var ended: Set<String> = []
  /// Looks in vain, in a row, and whether that was told.
  private var (failures, hasWarned) = (0, false)

  init(of service: APIService) {
    self.service = service
    shelf = service.batchShelf
  }

  private var now: Int64 { service.clock.now() }

  /// Whether a step is due.
  var isDue: Bool { jobs.contains { $0.due <= now } }

  /// The time until a step is due.
  var rest: Duration { .nanoseconds(max(0, (jobs.map(\.due).min() ?? .max) - now)) }

  /// Takes over what workers that ended have left: events of webhooks, and batches. Claims one more batch only if those that this worker has
  /// leave it time, so that the others get some.
  func look() {
    do throws(ObjectStoreError) {
      try service.webhooks.takeOver()
      let ids = try shelf.ids()
      (failures, hasWarned) = (0, false)
      ended.formIntersection(ids)
      for id in ids where !ended.contains(id) && !jobs.contains(where: { $0.batch.id == id }) {
        guard !isDue else { return }
        try claim(id)
      }
    } catch {
      failures += 1
      // Once, and not if the same is told of the store of images.
      guard failures > 1, !hasWarned, service.storeHealth == .ready else { return }
      hasWarned = true
      service.logger.warning("cannot look for batches and events of webhooks: \(error)")
    }
  }

  private func claim(_ id: String) throws(ObjectStoreError) {
    guard let name = ObjectName(.batch, id), let claim = try service.objects.claim(name).wait() else { return }
    // It may have ended before it was claimed.
    guard let batch = try shelf.batch(id) else { return }
    let job = BatchJob(batch, claim, of: service)
    if job.isOver { ended.insert(id) } else { jobs.append(job) }
  }

  /// Does the step of one batch that is due; each gets its turn.
  /// - Returns: whether there was one.
  func step() -> Bool {
    guard let index = jobs.firstIndex(where: { $0.due <= now }) else { return false }
    let job = jobs.remove(at: index)
    guard job.isHeld else { return true }
    do throws(ObjectStoreError) {
      try job.step()
      if job.isOver { ended.insert(job.batch.id) } else { jobs.append(job) }
    } catch {
      // Claimed anew at the next look.
      service.logger.warning("batch \(job.batch.id): \(error)")
      return false
    }
    return true
  }
}

extension APIService {
  var batchShelf: BatchShelf { BatchShelf(objects: objects, clock: clock) }
}
