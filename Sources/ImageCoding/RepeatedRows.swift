/// A deflate block for rows that equal the row above, and for a first row of one colour. PNG's filters turn such rows into zeroes.
///
/// A row that equals the one above is filter byte 2 (Up) and zeroes: the same few bits each time, five bytes at 1024 pixels, made once. The
/// filter byte and one zero are literals; matches of zeroes at distance 1 follow, 258 at a time. This needs no look at the canvas, and is
/// shorter than any compressor's output for the unfiltered row, because a match at the distance of a row costs ten bits more.
///
/// A first row of one colour is filter byte 1 (Sub), one pixel, and zeroes.
struct RepeatedRows {
  /// PNG's filter bytes (specification, section 9.2).
  private enum Filter {
    /// The difference from the pixel to the left.
    static let sub: UInt8 = 1
    /// The difference from the row above.
    static let up: UInt8 = 2
  }

  private let stride: Int
  /// The colour of the first row, one byte per channel; empty if the rows follow another row.
  private let pixel: [UInt8]
  private let codes: [HuffmanCode?]
  private let lengths: [Int]

  private enum Symbol {
    static let zero = 0
    static let endOfBlock = 256
    /// A match of 258 bytes.
    static let longestMatch = 285
  }

  /// - Parameters:
  ///   - stride: the bytes of a row, its filter byte included.
  ///   - pixel: if the first row is the picture's first and has one colour, the bytes of its pixels, at most 4; otherwise none.
  init(stride: Int, startingWith pixel: [UInt8] = []) {
    self.stride = stride
    self.pixel = pixel
    let first = pixel.isEmpty ? [] : ([Filter.sub] + pixel).map(Int.init) + [Rest(of: stride - 2 - pixel.count)?.symbol].compactMap(\.self)
    lengths = Self.lengths(often: Rest(of: stride - 2)?.symbol, once: first)
    codes = HuffmanCode.canonical(lengths)
  }

  /// Short codes for the symbols of every row, long ones for eight more symbols. The codes are complete, as deflate requires.
  ///
  /// - Parameters:
  ///   - rest: the shorter match at the end of each row, if there is one.
  ///   - once: further symbols of the first row, at most six.
  private static func lengths(often rest: Int?, once: [Int]) -> [Int] {
    var lengths = [Int](repeating: 0, count: 286)
    lengths[Symbol.longestMatch] = 1
    lengths[Int(Filter.up)] = 2
    lengths[Symbol.zero] = 3
    // Without a rest, another symbol takes its code.
    lengths[rest ?? 257] = 4
    // Matches of other lengths, which do not occur, take the remaining codes.
    var left = 8
    for symbol in [Symbol.endOfBlock] + once + Array(258..<Symbol.longestMatch) where left > 0 && lengths[symbol] == 0 {
      lengths[symbol] = 7
      left -= 1
    }
    return lengths
  }

  /// Writes a block of `count` rows that ends at a whole byte, and adds them to the checksum.
  func write(_ count: Int, isLast: Bool, to output: inout BitWriter, checksum: inout Adler32) {
    writeHeader(isLast: isLast, to: &output)
    if !pixel.isEmpty { write([Filter.sub] + pixel, 1, to: &output, checksum: &checksum) }
    write([Filter.up], pixel.isEmpty ? count : count - 1, to: &output, checksum: &checksum)
    output.write(codes[Symbol.endOfBlock]!)
    if !isLast {
      // An empty stored block, which is deflate's way to the next whole byte.
      output.write(0, 3)
      output.align()
      output.write(0xffff_0000, 32)
    }
    output.align()
  }

  /// Writes `count` rows that begin with some bytes and are zeroes otherwise.
  private func write(_ bytes: [UInt8], _ count: Int, to output: inout BitWriter, checksum: inout Adler32) {
    let fields = HuffmanCode.joined(bytes.map { codes[Int($0)]! } + zeroes(stride - bytes.count))
    for _ in 0..<count {
      for field in fields { output.write(field) }
      for byte in bytes { checksum.add(byte) }
      checksum.add(zeroes: stride - bytes.count)
    }
  }

  /// Zeroes as one literal and matches of the byte before.
  private func zeroes(_ count: Int) -> [HuffmanCode] {
    guard count > 0 else { return [] }
    let zero = codes[Symbol.zero]!
    // The distance alphabet has a single code of one bit.
    let distance = HuffmanCode(reversed: 0, length: 1)
    var fields = [zero]
    fields.reserveCapacity(2 * (count / 258) + 4)
    for _ in 0..<(count - 1) / 258 {
      fields.append(codes[Symbol.longestMatch]!)
      fields.append(distance)
    }
    if let rest = Rest(of: count - 1) {
      fields.append(codes[rest.symbol]!)
      fields.append(HuffmanCode(reversed: rest.extra, length: rest.extraLength))
      fields.append(distance)
    } else {
      fields += [HuffmanCode](repeating: zero, count: (count - 1) % 258)
    }
    return fields
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

/// The rest of a row after its matches of 258 bytes, as one shorter match.
private struct Rest {
  var symbol: Int
  var extra: UInt32
  var extraLength: Int

  /// Nil if fewer than three bytes are left, because no match is that short.
  init?(of count: Int) {
    let left = count % 258
    guard left >= 3 else { return nil }
    // RFC 1951, 3.2.5: 8 lengths have no extra bits, then four each have 1, 2, … extra bits.
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

/// The code for code lengths: the lengths that are in use, and runs of zeroes.
private enum CodeLengths {
  /// The order of the symbols in the format.
  static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1]
  /// The lengths by symbol: 17 repeats zero 3 to 10 times, 18 repeats it 11 to 138 times.
  static let lengths = {
    var lengths = [Int](repeating: 0, count: 19)
    for symbol in [0, 1, 2, 3, 4, 7, 17, 18] { lengths[symbol] = 3 }
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

  /// Writes as many zeroes as one symbol can express.
  /// - Returns: the number of zeroes written.
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
