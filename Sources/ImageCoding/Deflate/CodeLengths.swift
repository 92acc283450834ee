/// The head of a block with codes of its own (RFC 1951, 3.2.7): the lengths of the codes, run by run, themselves in a Huffman code.
@safe
struct CodeLengths: ~Copyable {
  private var runs = [Run](repeating: Run(), count: Symbols.count)
  private var runCount = 0
  private let counts = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 19)
  private let lengths = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 19)
  private let codes = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 19)
  private var huffman = HuffmanLengths()
  /// How many lengths are written of each alphabet, and of the code for lengths.
  private var (literalCount, distanceCount, orderCount) = (0, 0, 0)

  /// A length, or a run of lengths.
  private struct Run {
    /// 0 to 15 is a length; 16 repeats the previous one 3 to 6 times, 17 writes 3 to 10 zeroes, 18 writes 11 to 138.
    var symbol: UInt8 = 0
    var extra: UInt8 = 0
  }

  init() {
    unsafe counts.initialize(repeating: 0)
    unsafe lengths.initialize(repeating: 0)
    unsafe codes.initialize(repeating: 0)
  }

  deinit {
    unsafe counts.deallocate()
    unsafe lengths.deallocate()
    unsafe codes.deallocate()
  }

  private static let order: InlineArray<19, Int> = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static func extraBits(_ symbol: Int) -> Int { symbol < 16 ? 0 : symbol == 16 ? 2 : symbol == 17 ? 3 : 7 }

  /// Takes the lengths of the codes of both alphabets.
  /// - Returns: the bits of the head.
  mutating func update(_ all: Span<UInt8>) -> Int {
    literalCount = Symbols.literalCount
    while literalCount > 257, all[literalCount - 1] == 0 { literalCount -= 1 }
    distanceCount = Symbols.distanceCount
    while distanceCount > 1, all[Symbols.literalCount + distanceCount - 1] == 0 { distanceCount -= 1 }
    runCount = 0
    unsafe counts.update(repeating: 0)
    findRuns(all.extracting(0..<literalCount))
    findRuns(all.extracting(Symbols.literalCount..<Symbols.literalCount + distanceCount))
    let (counts, lengths) = unsafe (counts, lengths)
    var target = unsafe lengths.mutableSpan
    huffman.find(unsafe counts.span, limit: 7, &target)
    orderCount = 19
    while orderCount > 4, unsafe lengths[Self.order[orderCount - 1]] == 0 { orderCount -= 1 }
    return (0..<19).reduce(5 + 5 + 4 + 3 * orderCount) { bits, symbol in
      unsafe bits + Int(counts[symbol]) * (Int(lengths[symbol]) + Self.extraBits(symbol))
    }
  }

  private mutating func findRuns(_ all: Span<UInt8>) {
    var index = 0
    while index < all.count {
      let length = all[index]
      var end = index + 1
      while end < all.count, all[end] == length { end += 1 }
      var count = end - index
      if length == 0 {
        while count >= 11 { count -= append(18, min(count, 138), base: 11) }
        if count >= 3 { count -= append(17, count, base: 3) }
      } else {
        append(Run(symbol: length))
        count -= 1
        while count >= 3 { count -= append(16, min(count, 6), base: 3) }
      }
      for _ in 0..<count { append(Run(symbol: length)) }
      index = end
    }
  }

  private mutating func append(_ symbol: UInt8, _ count: Int, base: Int) -> Int {
    append(Run(symbol: symbol, extra: UInt8(count - base)))
    return count
  }

  private mutating func append(_ run: Run) {
    runs[runCount] = run
    runCount += 1
    unsafe counts[Int(run.symbol)] += 1
  }

  /// - Precondition: there is room.
  func write(to output: inout BitWriter) {
    output.write(UInt64(literalCount - 257), 5)
    output.write(UInt64(distanceCount - 1), 5)
    output.write(UInt64(orderCount - 4), 4)
    for index in 0..<orderCount { output.write(unsafe UInt64(lengths[Self.order[index]]), 3) }
    let (lengths, codes) = unsafe (lengths, codes)
    var target = unsafe codes.mutableSpan
    CanonicalCodes.assign(unsafe lengths.span, &target)
    for index in 0..<runCount {
      let symbol = Int(runs[index].symbol)
      unsafe output.write(UInt64(codes[symbol]), UInt64(lengths[symbol]))
      output.write(UInt64(runs[index].extra), UInt64(Self.extraBits(symbol)))
    }
  }
}
