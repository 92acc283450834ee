/// The terms on which all pools that use a store must agree if one of them refuses new images rather than evict old ones.
///
/// A ring frees memory in the order in which its entries arrived. An image that is stored for a week therefore keeps the memory of all later
/// ones, however soon they expire: a store that must not evict it would refuse everything for that week. So such a store has one lifetime.
struct StoreTerms: Equatable {
  /// The lifetime of an image in nanoseconds.
  var retention: Int64
  var refusesWhenFull: Bool

  /// The terms as one word, never 0.
  var encoded: UInt64 { UInt64(retention) << 1 | (refusesWhenFull ? 1 : 0) | 1 << 62 }

  init(retention: Int64, refusesWhenFull: Bool) {
    self.retention = retention
    self.refusesWhenFull = refusesWhenFull
  }

  /// - Parameter encoded: any value from shared memory.
  init?(encoded: UInt64) {
    guard encoded & 1 << 62 != 0 else { return nil }
    self.init(retention: Int64(encoded & (1 << 62 - 1)) >> 1, refusesWhenFull: encoded & 1 == 1)
  }

  /// Why images cannot be stored on these terms.
  ///
  /// - Parameters:
  ///   - found: the terms on which other pools use the store, or have used it.
  ///   - isUsed: whether other pools use it now.
  ///   - remaining: nanoseconds until the last image in the store expires.
  func conflict(with found: StoreTerms?, isUsed: Bool, remaining: Int64) -> String? {
    guard refusesWhenFull || found?.refusesWhenFull == true else { return nil }
    if let found, isUsed { return "it is in use by a pool that \(found), while this one \(self)" }
    guard refusesWhenFull, remaining > retention else { return nil }
    return
      "it holds an image that expires in \(Self.text(remaining)), and no later image can be removed before then, while this pool "
      + "\(self)"
  }

  /// `168 h`, `1.5 h`, `3.6 s`.
  private static func text(_ nanoseconds: Int64) -> String {
    let (unit, length) = nanoseconds < 3_600_000_000_000 ? ("s", 1e6) : ("h", 3.6e9)
    let count = (Double(nanoseconds) / length).rounded() / 1000
    return (Int(exactly: count).map { String($0) } ?? String(count)) + " " + unit
  }
}

extension StoreTerms: CustomStringConvertible {
  var description: String {
    "keeps images for \(Self.text(retention)) and \(refusesWhenFull ? "refuses new ones" : "evicts the oldest") when it is full"
  }
}
