extension [UInt8] {
  /// Sets the number of bytes. New bytes are not zeroed, and those that are never written are never paged in.
  ///
  /// - Parameter kept: how many of its first bytes stay.
  mutating func makeRoom(_ count: Int, keeping kept: Int = 0) {
    let old = prefix(kept)
    unsafe self = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      _ = unsafe buffer.initialize(fromContentsOf: old)
      initializedCount = count
    }
  }
}
