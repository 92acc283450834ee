/// The innermost loops. Each checks its bounds once and then runs unchecked, so that the compiler turns it into vector code: these few
/// lines touch every byte of every picture.
extension MutableSpan<UInt8> {
  /// Copies bytes in.
  mutating func copy(_ source: Span<UInt8>, to offset: Int) {
    precondition(offset >= 0 && offset + source.count <= count, "copy ends outside the rows")
    unsafe withUnsafeMutableBufferPointer { target in
      unsafe source.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        unsafe target.baseAddress?.advanced(by: offset).update(from: base, count: source.count)
      }
    }
  }

  /// Copies bytes from another place of the same rows; the two must not overlap.
  mutating func copy(from source: Int, to offset: Int, count length: Int) {
    precondition(source >= 0 && offset >= 0 && Swift.max(source, offset) + length <= count, "copy ends outside the rows")
    precondition(abs(source - offset) >= length, "copy overlaps itself")
    unsafe withUnsafeMutableBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      unsafe base.advanced(by: offset).update(from: base.advanced(by: source), count: length)
    }
  }

  /// Lays one neutral ink over bytes, each as much as the mask says: 0 leaves it, 255 replaces it.
  mutating func blend(_ level: UInt8, through mask: Span<UInt8>, opacity: Opacity, at offset: Int) {
    precondition(offset >= 0 && offset + mask.count <= count, "blend ends outside the rows")
    let level = UInt16(level)
    let opacity = opacity.of256
    for index in 0..<mask.count {
      let amount = unsafe (UInt16(mask[unchecked: index]) &* opacity &+ 128) &>> 8
      let over = amount &+ (amount &>> 7)  // 0...255 becomes 0...256, so that a full mask leaves nothing of what was there
      let under = unsafe UInt16(self[unchecked: offset &+ index])
      unsafe self[unchecked: offset &+ index] = UInt8(truncatingIfNeeded: (under &* (256 &- over) &+ level &* over &+ 128) &>> 8)
    }
  }

  /// Lays one neutral ink evenly over bytes.
  mutating func blend(_ level: UInt8, opacity: Opacity, over range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "blend ends outside the rows")
    let under = 256 &- opacity.of256
    let ink = UInt16(level) &* opacity.of256 &+ 128
    for index in range {
      unsafe self[unchecked: index] = UInt8(truncatingIfNeeded: (UInt16(self[unchecked: index]) &* under &+ ink) &>> 8)
    }
  }
}
