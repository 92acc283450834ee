import CThai

/// The words of Thai text, which has no blanks between them, by libthai's dictionary.
struct ThaiWords {
  /// Whether a scalar is a letter, vowel or tone mark of Thai.
  static func contains(_ scalar: UInt32) -> Bool { (0x0E01...0x0E4E).contains(scalar) }

  /// The indices at which words begin, without the first one.
  ///
  /// - Parameter scalars: nothing but Thai.
  static func starts(in scalars: ArraySlice<UInt32>) -> [Int] {
    guard let dictionary = unsafe dictionary.breaker, scalars.count > 1 else { return [] }
    let text = scalars.map { thwchar_t($0) } + [0]
    var starts = [CInt](repeating: 0, count: scalars.count)
    let count = unsafe th_brk_wc_find_breaks(dictionary, text, &starts, starts.count)
    return starts.prefix(Int(max(count, 0))).map { scalars.startIndex + Int($0) }.filter { scalars.indices.dropFirst().contains($0) }
  }

  /// The dictionary, which any thread may read at any time. It is opened at the first Thai prompt and stays open.
  private static let dictionary = Dictionary()

  @safe private struct Dictionary: @unchecked Sendable {
    /// Nil if libthai-data is not installed: words are then not known.
    let breaker: OpaquePointer?

    init() { unsafe breaker = th_brk_new(nil) }
  }
}
