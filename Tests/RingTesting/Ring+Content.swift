package import SharedMemory

extension Ring {
  /// Inserts the content that follows from the sequence number, which is the key, too. For a ring with one writer.
  @discardableResult
  package func insertContent(count: Int, expires: Int64 = .max) throws -> UInt64 {
    let bytes = Content.bytes(liveSequences.upperBound, count: count)
    return try insert(bytes, created: 0, expires: expires, whenFull: .evictOldest, key: Self.key).high
  }

  /// The bytes of the entry with that sequence number, or nil.
  package func bytes(_ sequence: UInt64) -> [UInt8]? { entry(sequence, key: Self.key(sequence))?.bytes }

  /// A key that follows from the sequence number.
  package static func key(_ sequence: UInt64) -> RingKey { RingKey(high: sequence, low: ~sequence) }
}
