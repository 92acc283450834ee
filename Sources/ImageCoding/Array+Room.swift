extension [UInt8] {
  /// Makes it so many bytes long. What is new is not zeroed, and what is never written of it is never paged in.
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
