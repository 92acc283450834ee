/// A deflate block for rows that equal the row above them: filter byte 2 (Up) and nothing but zeroes.
///
/// Every such row is the same few bits, five bytes at 1024 pixels: the filter byte and one zero as literals, then matches of zeroes at
/// distance 1, 258 at a time. Written without a look at the canvas, and shorter than what any compressor makes of the row unfiltered, for a
/// match at the distance of a row costs ten bits more.
struct RepeatedRows {
  /// PNG's filter byte for "as the row above" (specification, section 9.2).
  static let filter: UInt8 = 2

  private let zeroes: Int
  private let codes: [HuffmanCode?]
  private let lengths: [Int]

  /// Few symbols are in use: short codes for the frequent ones, complete as deflate demands. The distance alphabet has one code of one bit.
  private enum Symbol {
    static let zero = 0
    static let endOfBlock = 256
    /// 258 bytes.
    static let longestMatch = 285
  }

  /// - Parameter stride: bytes of a row, its filter byte included.
  init(stride: Int) {
    zeroes = stride - 1
    var lengths = [Int](repeating: 0, count: 286)
    lengths[Symbol.longestMatch] = 1
    lengths[Int(Self.filter)] = 2
    lengths[Symbol.zero] = 3
    lengths[Symbol.endOfBlock] = 4
    // With no rest to code, some other symbol takes the fourth code, so that the set is complete.
    lengths[Rest(of: stride - 2)?.symbol ?? 1] = 4
    self.lengths = lengths
    codes = HuffmanCode.canonical(lengths)
  }

  /// Writes a block of so many rows, up to a whole byte.
  func write(_ count: Int, isLast: Bool, to output: inout BitWriter) {
    writeHeader(isLast: isLast, to: &output)
    for _ in 0..<count { writeRow(to: &output) }
    output.write(codes[Symbol.endOfBlock]!)
    if !isLast {
      // An empty stored block: deflate's way to the next whole byte.
      output.write(0, 3)
      output.align()
      output.write(0xffff_0000, 32)
    }
    output.align()
  }

  private func writeRow(to output: inout BitWriter) {
    output.write(codes[Int(Self.filter)]!)
    output.write(codes[Symbol.zero]!)
    for _ in 0..<(zeroes - 1) / 258 {
      output.write(codes[Symbol.longestMatch]!)
      output.write(0, 1)
    }
    let left = (zeroes - 1) % 258
    if let rest = Rest(of: zeroes - 1) {
      output.write(codes[rest.symbol]!)
      output.write(rest.extra, rest.extraLength)
      output.write(0, 1)
    } else {
      for _ in 0..<left { output.write(codes[Symbol.zero]!) }
    }
  }

  /// A dynamic block's header (RFC 1951, 3.2.7): the lengths of 286 codes and one distance code, themselves coded.
  private func writeHeader(isLast: Bool, to output: inout BitWriter) {
    output.write(isLast ? 1 : 0, 1)
    output.write(2, 2)
    output.write(286 - 257, 5)
    output.write(1 - 1, 5)
    output.write(UInt32(CodeLengths.order.count - 4), 4)
    for symbol in CodeLengths.order { output.write(UInt32(CodeLengths.lengths[symbol]), 3) }
    CodeLengths.write(lengths + [1], to: &output)
  }
}

/// What is left of a row behind its matches of 258 bytes, as one shorter match.
private struct Rest {
  var symbol: Int
  var extra: UInt32
  var extraLength: Int

  /// Nil where fewer than three bytes are left, for which there is no match.
  init?(of count: Int) {
    let left = count % 258
    guard left >= 3 else { return nil }
    // RFC 1951, 3.2.5: 8 lengths without extra bits, then four each with 1, 2, … extra bits.
    guard left > 10 else {
      self = Rest(symbol: 257 + left - 3, extra: 0, extraLength: 0)
      return
    }
    let offset = left - 3
    let extraLength = (Int.bitWidth - offset.leadingZeroBitCount) - 3
    self = Rest(
      symbol: 257 + 4 * extraLength + offset >> extraLength, extra: UInt32(offset & (1 << extraLength - 1)), extraLength: extraLength)
  }

  private init(symbol: Int, extra: UInt32, extraLength: Int) {
    (self.symbol, self.extra, self.extraLength) = (symbol, extra, extraLength)
  }
}

/// The code in which code lengths are written: lengths up to 4, and runs of zeroes.
private enum CodeLengths {
  /// The order in which the format names its symbols.
  static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1]
  /// By symbol: 17 repeats zero 3 to 10 times, 18 11 to 138 times.
  static let lengths = {
    var lengths = [Int](repeating: 0, count: 19)
    for symbol in [0, 1, 2, 3, 4, 17, 18] { lengths[symbol] = 3 }
    // An eighth symbol makes the code complete.
    lengths[16] = 3
    return lengths
  }()
  private static let codes = HuffmanCode.canonical(lengths)

  static func write(_ values: [Int], to output: inout BitWriter) {
    var index = 0
    while index < values.count {
      let zeroes = values[index...].prefix { $0 == 0 }.count
      index += writeZeroes(zeroes, to: &output)
      if zeroes == 0 {
        output.write(codes[values[index]]!)
        index += 1
      }
    }
  }

  /// Writes as many zeroes as one symbol can.
  /// - Returns: how many those are.
  private static func writeZeroes(_ count: Int, to output: inout BitWriter) -> Int {
    switch count {
    case 0: return 0
    case 1, 2:
      output.write(codes[0]!)
      return 1
    case 3...10:
      output.write(codes[17]!)
      output.write(UInt32(count - 3), 3)
      return count
    default:
      let run = min(count, 138)
      output.write(codes[18]!)
      output.write(UInt32(run - 11), 7)
      return run
    }
  }
}
