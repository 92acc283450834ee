import FastCGI
import JSON
import Logging
import ObjectStore
import Simulation
import SystemCalls

/// A batch that this worker has claimed, and its next step. Any step may be repeated by another worker, if this one dies in it.
///
/// Confined to one thread.
final class BatchJob {
  private let service: APIService
  private let claim: any ObjectClaim
  private let shelf: BatchShelf
  private(set) var batch: Batch
  private var input: BatchInput?
  /// The lines that have a result.
  private var finished: Set<Int> = []
  private var nextLine = 0
  /// When the batch was last looked at for changes by clients.
  private var looked: Int64

  init(_ batch: Batch, _ claim: any ObjectClaim, of service: APIService) {
    (self.batch, self.claim, self.service) = (batch, claim, service)
    shelf = service.batchShelf
    looked = service.clock.now()
  }

  /// Whether this worker may go on.
  var isHeld: Bool { claim.isHeld }

  var isOver: Bool { isGone || batch.status.isFinal && batch.isCleared }

  /// Whether the store has the batch no longer.
  private var isGone = false

  /// When the next step is due, in nanoseconds since 1970. A change by a client is due within ``patience``.
  var due: Int64 { min(dueByItself, looked + Self.patience) }

  private static let patience: Int64 = 500_000_000

  private var dueByItself: Int64 {
    let schedule = BatchSchedule(batch)
    switch batch.status {
    case .validating: return schedule.validated
    case .inProgress:
      guard let input, nextLine < input.count else { return 0 }
      return schedule.finished(nextLine, of: input.count)
    case .finalizing: return batch.goal == .completed ? schedule.completed : 0
    case .failed, .completed, .expired, .cancelling, .cancelled: return 0
    }
  }

  /// Does the next step, if it is due.
  func step() throws(ObjectStoreError) {
    let now = service.clock.now()
    if now - looked >= Self.patience { try look(now) }
    guard dueByItself <= now else { return }
    switch batch.status {
    case .validating: try validate()
    case .inProgress:
      try performNextLine()
      // Clients that watch a slow batch see each line.
      if batch.time > .zero { try look(now) }
    case .finalizing, .cancelling: try finish()
    case .failed, .completed, .expired, .cancelled: try clear()
    }
  }

  /// Learns whether a client has cancelled the batch, and tells clients how far it is.
  private func look(_ now: Int64) throws(ObjectStoreError) {
    looked = now
    let counts = counts
    let isLate = batch.status == .inProgress && Int(now / 1_000_000_000) >= batch.moments[.expires, default: .max]
    try change { [seconds] batch in
      let before = batch
      if batch.status == .inProgress, let counts { batch.counts = counts }
      if isLate { batch.finalize(towards: .expired, at: seconds) }
      return batch != before
    }
  }

  private var seconds: Int { service.seconds() }

  private func change(_ edit: (inout Batch) -> Bool) throws(ObjectStoreError) {
    guard let changed = try shelf.change(batch.id, edit) else { return isGone = true }
    batch = changed
  }

  /// Ends the batch, unless it has ended, and tells the client's webhooks.
  private func end(_ edit: (inout Batch) -> Bool) throws(ObjectStoreError) {
    var hasEnded = false
    try change { batch in
      hasEnded = !batch.status.isFinal && edit(&batch)
      if hasEnded { batch.caller.key = nil }
      return hasEnded
    }
    guard hasEnded, !isGone, let kind = WebhookEvent.Kind(endOf: batch.status) else { return }
    service.webhooks.send(WebhookEvent(kind, about: batch.id, at: seconds))
  }

  // MARK: Validation

  private func validate() throws(ObjectStoreError) {
    var problems: [Batch.Problem] = []
    var model: String?
    let input = try readInput()
    if batch.goal == .failed {
      problems = [Batch.Problem(code: "batch_failed", message: "The batch failed, as the fault batch_failed asks for.")]
    } else if let input {
      let isStrict = Profile(rawValue: batch.caller.profile)?.rules.isStrict ?? false
      (problems, model) = input.check(endpoint: batch.endpoint, hasOneModel: isStrict)
    } else {
      // Production creates the batch all the same, and reports this by its status. [U]
      problems = [
        Batch.Problem(code: "file_not_found", message: "There is no file '\(batch.inputFile)'.", param: "input_file_id")
      ]
    }
    guard problems.isEmpty else {
      return try end { [seconds] batch in
        guard batch.status == .validating else { return false }
        (batch.status, batch.moments[.failed], batch.problems, batch.isCleared) = (.failed, seconds, problems, true)
        return true
      }
    }
    try change { [seconds] batch in
      guard batch.status == .validating else { return false }
      (batch.status, batch.moments[.inProgress]) = (.inProgress, seconds)
      (batch.counts.total, batch.model) = (input?.count ?? 0, model)
      return true
    }
  }

  private func readInput() throws(ObjectStoreError) -> BatchInput? {
    if input == nil { input = try shelf.content(ofFile: batch.inputFile).map(BatchInput.init) }
    return input
  }

  // MARK: Lines

  private func performNextLine() throws(ObjectStoreError) {
    guard let input = try takeUp() else { return try fail(because: "The input file was deleted before the batch was done.") }
    while finished.contains(nextLine) { nextLine += 1 }
    let end = batch.goal == .expired ? input.count / 2 : input.count
    guard nextLine < end else {
      guard try isComplete() else { return }
      return try change { [seconds] batch in batch.finalize(towards: batch.goal ?? .completed, at: seconds) }
    }
    let result = try result(of: nextLine, input)
    guard isHeld else { return }
    do throws(ObjectStoreError) {
      try shelf.store(result, of: nextLine, in: batch)
    } catch {
      switch error {
      case .full, .tooLarge, .noSpace: return try fail(because: "The result of line \(nextLine + 1) cannot be stored: \(error).")
      case .busy, .unavailable: throw error
      }
    }
    finished.insert(nextLine)
    tally.add(result)
    nextLine += 1
  }

  /// Finds out where another worker may have stopped.
  private func takeUp() throws(ObjectStoreError) -> BatchInput? {
    guard tally.isKnown == false else { return input }
    guard let input = try readInput() else { return nil }
    finished = try shelf.finishedLines(of: batch.id)
    tally = Tally(isKnown: true)
    for line in finished { if let result = try shelf.result(of: line, in: batch.id) { tally.add(result) } }
    return input
  }

  /// Whether the store still has all results that it has taken. A fail-over may have lost the latest: their lines are performed again.
  private func isComplete() throws(ObjectStoreError) -> Bool {
    guard try !shelf.finishedLines(of: batch.id).isSuperset(of: finished) else { return true }
    (tally, nextLine) = (Tally(), 0)
    return false
  }

  private func result(of index: Int, _ input: BatchInput) throws(ObjectStoreError) -> BatchResult {
    let line: BatchLine
    do throws(LineProblem) { line = try input.request(index) } catch {
      return BatchResult(of: "", code: error.problem.code, error.problem.message)
    }
    let id = APIService.randomHexadecimal()
    guard !line.isStream else { return BatchResult(of: line.customID, id: id, APIError.streamWithoutClient.response) }
    return BatchResult(of: line.customID, id: id, service.perform(Request(line, id: id, for: batch.caller)))
  }

  private var tally = Tally()

  /// The results that are stored.
  private struct Tally {
    var isKnown = false
    var completed = 0
    var failed = 0
    var usage = BatchUsage()

    mutating func add(_ result: BatchResult) {
      if result.isCompleted { completed += 1 } else { failed += 1 }
      usage = usage + result.usage
    }
  }

  /// What clients are told meanwhile; nil if it is not known yet.
  private var counts: Batch.Counts? {
    tally.isKnown ? Batch.Counts(total: batch.counts.total, completed: tally.completed, failed: tally.failed) : nil
  }

  // MARK: The end

  /// Makes the files of what was done, and ends the batch.
  private func finish() throws(ObjectStoreError) {
    let input = try readInput()
    let output: BatchOutput
    do throws(ObjectStoreError) {
      output = try BatchOutput(of: batch, input, on: shelf)
      try output.write(as: batch, on: shelf)
    } catch {
      switch error {
      case .full, .tooLarge, .noSpace: return try fail(because: "The output cannot be stored: \(error). Increase FAKEAI_FILE_STORE_SIZE.")
      case .busy, .unavailable: throw error
      }
    }
    guard isHeld else { return }
    let before = (batch.status, batch.plannedFiles)
    try end { [seconds] batch in
      guard (batch.status, batch.plannedFiles) == before else { return false }
      batch.end(as: batch.status == .cancelling ? .cancelled : batch.goal ?? .completed, with: output, at: seconds)
      return true
    }
  }

  private func fail(because reason: String) throws(ObjectStoreError) {
    service.logger.error("batch \(batch.id): \(reason)")
    try end { [seconds] batch in
      (batch.status, batch.moments[.failed]) = (.failed, seconds)
      batch.problems = [Batch.Problem(code: "batch_failed", message: reason)]
      return true
    }
  }

  private func clear() throws(ObjectStoreError) {
    try shelf.removeResults(of: batch.id)
    try change { batch in
      batch.isCleared = true
      return true
    }
  }
}

extension Request {
  /// The request of a line.
  ///
  /// - Parameter id: 32 hexadecimal digits.
  fileprivate init(_ line: BatchLine, id: String, for caller: BatchCaller) {
    var variables = [
      "CONTENT_TYPE": ImageOperation.json, "REQUEST_ID": id, "REQUEST_SCHEME": caller.scheme, "HTTP_HOST": caller.host,
      "HTTP_X_FAKEAI_PROFILE": caller.profile,
    ]
    if let key = caller.key { variables["HTTP_AUTHORIZATION"] = "Bearer \(key)" }
    if !caller.session.isEmpty { variables["HTTP_X_FAKEAI_SESSION"] = caller.session }
    self.init(
      method: line.method, path: line.url, variables: CGIParameters(variables),
      body: .whole(JSONText(.object(line.body)).compactBytes))
  }
}
