import DequeModule
import SystemCalls

/// A connection's remaining work for the renderer.
struct RendererJob {
  let name: Name
  let step: @Sendable () -> Work.Step
  /// When the job was queued, for the first time or again.
  let queued = Instant.now

  /// The part of a job that remains while its step runs.
  struct Name {
    let connection: ConnectionID
    let isLong: Bool
    /// Whether one of its steps has been done.
    var hasBegun = false
    /// Whether its last step took so long that other requests should go to another worker during the next one too.
    var isSlow = false
  }

  init(connection: ConnectionID, _ work: Work) {
    name = Name(connection: connection, isLong: work.isLong)
    step = work.begin
  }

  init(_ name: Name, step: @escaping @Sendable () -> Work.Step) { (self.name, self.step) = (name, step) }
}

/// The jobs that wait for the renderer, and the one that is running.
struct RendererQueue {
  /// A long job keeps finished images or pixels of uploads between its steps. Limiting how many have begun bounds that memory; further long
  /// jobs wait until one has ended. Jobs of a single step overtake them.
  private static let mostBegun = 2
  /// A job with a step longer than this is expected to be as slow in the next one.
  static let patience = Duration.milliseconds(100)

  private var waiting: Deque<RendererJob> = []
  /// Jobs that wait for an event outside the renderer.
  private var suspended: Set<ConnectionID> = []
  /// Running or suspended jobs whose clients have left.
  private var abandoned: Set<ConnectionID> = []
  private var begunCount = 0
  private var current: (name: RendererJob.Name, began: Instant)?
  /// Whether a step has begun or ended since the last call of ``takeHasMoved()``.
  private var hasMoved = false
  private var shown: Instant?
  var show: @Sendable (Instant?) -> Void = { _ in }

  var waitingCount: Int { waiting.count }

  var outstandingCount: Int { waiting.count + suspended.count + (current == nil ? 0 : 1) }

  /// The time since which no job has made progress: the start of the current step, or the arrival of the job that has waited longest. A
  /// step of a slow job counts as slow from its beginning. Nil if there is no job.
  private(set) var stallBegan: Instant?

  mutating func append(_ job: RendererJob) {
    waiting.append(job)
    showStall()
  }

  /// Takes the next job that may run a step.
  mutating func take() -> RendererJob? {
    guard let index = waiting.firstIndex(where: { !$0.name.isLong || $0.name.hasBegun || begunCount < Self.mostBegun }) else { return nil }
    let job = waiting.remove(at: index)
    if job.name.isLong, !job.name.hasBegun { begunCount += 1 }
    current = (job.name, .now)
    hasMoved = true
    showStall()
    return job
  }

  /// Ends the current job.
  mutating func finish(_ name: RendererJob.Name) {
    if name.isLong { begunCount -= 1 }
    abandoned.remove(name.connection)
    endStep()
  }

  /// Ends the current step and puts the job at the end of the queue, behind the other jobs.
  /// - Returns: false if the client has left; then the job is over.
  mutating func putBack(_ name: RendererJob.Name, continuingWith step: @escaping @Sendable () -> Work.Step) -> Bool {
    guard !abandoned.contains(name.connection) else {
      finish(name)
      return false
    }
    let isSlow = current.map { .now - $0.began > Self.patience } ?? false
    waiting.append(RendererJob(begun(name, isSlow: isSlow), step: step))
    endStep()
    return true
  }

  /// Ends the current step. The next one is passed to ``resume(_:continuingWith:)``.
  mutating func suspend(_ name: RendererJob.Name) {
    suspended.insert(name.connection)
    endStep()
  }

  /// - Returns: false if the client has left; then the job is over.
  mutating func resume(_ name: RendererJob.Name, continuingWith step: @escaping @Sendable () -> Work.Step) -> Bool {
    suspended.remove(name.connection)
    guard abandoned.remove(name.connection) == nil else {
      if name.isLong { begunCount -= 1 }
      return false
    }
    append(RendererJob(begun(name, isSlow: false), step: step))
    return true
  }

  /// Drops the job of a connection whose client has left. A running or suspended job ends with its current step.
  /// - Returns: whether the job was dropped at once.
  mutating func cancel(_ connection: ConnectionID) -> Bool {
    guard let index = waiting.firstIndex(where: { $0.name.connection == connection }) else {
      if current?.name.connection == connection || suspended.contains(connection) { abandoned.insert(connection) }
      return false
    }
    let name = waiting.remove(at: index).name
    if name.isLong, name.hasBegun { begunCount -= 1 }
    showStall()
    return true
  }

  mutating func takeHasMoved() -> Bool {
    defer { hasMoved = false }
    return hasMoved || (current == nil && waiting.isEmpty)
  }

  private func begun(_ name: RendererJob.Name, isSlow: Bool) -> RendererJob.Name {
    var name = name
    (name.hasBegun, name.isSlow) = (true, isSlow)
    return name
  }

  private mutating func endStep() {
    current = nil
    hasMoved = true
    showStall()
  }

  private mutating func showStall() {
    let step = current.map { $0.name.isSlow ? $0.began - Self.patience : $0.began }
    stallBegan = [step, waiting.first?.queued].compactMap { $0 }.min()
    if stallBegan != shown { show(stallBegan) }
    shown = stallBegan
  }
}
