import Answers
import ObjectStore
import SystemCalls

/// The batches in a store, for a thread that may block.
struct BatchShelf: Sendable {
  let objects: any ObjectStore
  let clock: WallClock

  func ids() throws(ObjectStoreError) -> [String] { try objects.ids(of: .batch, prefix: "").wait() }

  /// - Returns: nil if there is no such batch.
  func batch(_ id: String) throws(ObjectStoreError) -> Batch? {
    guard let name = ObjectName(.batch, id), let stored = try objects.object(name).wait() else { return nil }
    return Batch(document: stored.bytes)
  }

  /// Changes a batch by compare and swap, as often as it takes.
  ///
  /// - Parameter edit: returns false if nothing is to be changed after all.
  /// - Returns: the batch as it is then; nil if there is no such batch.
  func change(_ id: String, _ edit: (inout Batch) -> Bool) throws(ObjectStoreError) -> Batch? {
    guard let name = ObjectName(.batch, id) else { return nil }
    while let stored = try objects.object(name).wait(), var batch = Batch(document: stored.bytes) {
      guard edit(&batch) else { return batch }
      let version = try objects.put(batch.document, as: name, expires: batch.expires, where: .version(stored.version)).wait()
      if version != nil { return batch }
    }
    return nil
  }

  // MARK: Results

  /// The numbers of the lines that have a result.
  func finishedLines(of batch: String) throws(ObjectStoreError) -> Set<Int> {
    let prefix = Batch.resultPrefix(batch)
    return Set(try objects.ids(of: .line, prefix: prefix).wait().compactMap { Int($0.dropFirst(prefix.count)) })
  }

  /// Stores a result, unless the line has one already: a worker that died may have stored it.
  func store(_ result: BatchResult, of line: Int, in batch: Batch) throws(ObjectStoreError) {
    guard let name = ObjectName(.line, Batch.resultID(batch.id, line: line)) else { return }
    _ = try objects.put(result.stored, as: name, expires: batch.expires, where: .absent).wait()
  }

  func result(of line: Int, in batch: String) throws(ObjectStoreError) -> BatchResult? {
    guard let name = ObjectName(.line, Batch.resultID(batch, line: line)) else { return nil }
    return try objects.object(name).wait().flatMap { BatchResult(stored: $0.bytes) }
  }

  func removeResults(of batch: String) throws(ObjectStoreError) {
    for id in try objects.ids(of: .line, prefix: Batch.resultPrefix(batch)).wait() {
      if let name = ObjectName(.line, id) { _ = try objects.remove(name).wait() }
    }
  }

  // MARK: Files

  /// The bytes of a file; nil if there is none of that ID.
  func content(ofFile id: String) throws(ObjectStoreError) -> [UInt8]? {
    guard let name = ObjectName(.content, id) else { return nil }
    return try objects.object(name).wait()?.bytes
  }

  /// Writes a file for the client, or replaces it, because a worker that died may have written another.
  ///
  /// - Parameters:
  ///   - name: for the client.
  ///   - life: in seconds.
  func write(_ bytes: [UInt8], asFile id: String, named name: String, life: Int) throws(ObjectStoreError) {
    var file = FileObject(
      filename: name, purpose: "batch_output", mediaType: "application/jsonl", bytes: bytes.count, lifetime: life, now: clock.now())
    file.id = id
    // A file is there as soon as its description is.
    try replace(ObjectName(.content, id), with: bytes, file.end)
    try replace(ObjectName(.file, id), with: file.stored, file.end)
  }

  private func replace(_ name: ObjectName?, with bytes: [UInt8], _ expires: Int64) throws(ObjectStoreError) {
    guard let name else { return }
    while true {
      let found = try objects.object(name).wait()
      let condition = found.map { ObjectCondition.version($0.version) } ?? .absent
      if try objects.put(bytes, as: name, expires: expires, where: condition).wait() != nil { return }
    }
  }
}
