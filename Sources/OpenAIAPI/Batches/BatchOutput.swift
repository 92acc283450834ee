import ObjectStore

/// The files of a batch: the results of all lines that have one, in the order of the input.
struct BatchOutput: Sendable {
  private(set) var output: [UInt8] = []
  private(set) var errors: [UInt8] = []
  private(set) var counts = Batch.Counts()
  private(set) var usage = BatchUsage()

  /// - Parameter input: nil if the file was deleted meanwhile.
  init(of batch: Batch, _ input: BatchInput?, on shelf: BatchShelf) throws(ObjectStoreError) {
    counts.total = batch.counts.total
    // A batch that is cancelled before it is validated has done nothing.
    for line in 0..<batch.counts.total {
      if let result = try shelf.result(of: line, in: batch.id) {
        add(result)
      } else if batch.goal == .expired, batch.status != .cancelling, let request = try? input?.request(line) {
        add(
          BatchResult(
            of: request.customID, code: "batch_expired",
            "This request could not be executed before the completion window expired."))
      }
    }
  }

  private mutating func add(_ result: BatchResult) {
    if result.isCompleted { output += result.line } else { errors += result.line }
    if result.isCompleted { counts.completed += 1 } else { counts.failed += 1 }
    usage = usage + result.usage
  }

  /// Writes the files under the names that are planned for them.
  func write(as batch: Batch, on shelf: BatchShelf) throws(ObjectStoreError) {
    for (bytes, id, name) in zip3([output, errors], batch.plannedFiles, ["output", "error"]) where !bytes.isEmpty {
      try shelf.write(bytes, asFile: id, named: "\(batch.id)_\(name).jsonl", life: batch.outputLife)
    }
  }

  private func zip3(_ bytes: [[UInt8]], _ ids: [String], _ names: [String]) -> [([UInt8], String, String)] {
    zip(bytes, zip(ids, names)).map { ($0, $1.0, $1.1) }
  }
}

extension Batch {
  /// Ends the lines. From then on, the files have names.
  ///
  /// - Parameters:
  ///   - goal: the status in which the batch ends.
  ///   - seconds: the time.
  /// - Returns: whether the batch was in progress.
  @discardableResult
  mutating func finalize(towards goal: Status, at seconds: Int) -> Bool {
    guard status == .inProgress else { return false }
    (status, self.goal, moments[.finalizing]) = (.finalizing, goal, seconds)
    planFiles(at: seconds)
    return true
  }

  /// Ends the batch early, at a client's wish.
  /// - Returns: whether it could still be cancelled.
  mutating func cancel(at seconds: Int) -> Bool {
    guard !status.isFinal, status != .cancelling else { return false }
    (status, goal, moments[.cancelling]) = (.cancelling, .cancelled, seconds)
    planFiles(at: seconds)
    return true
  }

  private mutating func planFiles(at seconds: Int) {
    guard plannedFiles.isEmpty else { return }
    plannedFiles = (0..<2).map { _ in ObjectName.newID(FileObject.prefix, digits: 32, now: Int64(seconds) * 1_000_000_000) }
  }

  mutating func end(as status: Status, with files: BatchOutput, at seconds: Int) {
    self.status = status
    (counts, usage) = (files.counts, files.usage)
    outputFile = files.output.isEmpty ? nil : plannedFiles.first
    errorFile = files.errors.isEmpty ? nil : plannedFiles.last
    switch status {
    case .completed: moments[.completed] = seconds
    case .expired: moments[.expired] = seconds
    default: moments[.cancelled] = seconds
    }
  }
}
