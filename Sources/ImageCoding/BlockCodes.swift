/// The codes of one block for both of deflate's alphabets, in the form in which tokens are written: a whole match is two fields.
@safe
struct BlockCodes: ~Copyable {
  /// The lengths of all codes: of literals and match lengths, then of distances.
  static let lengthCount = Symbols.literalCount + Symbols.distanceCount

  private let literals = UnsafeMutablePointer<Code>.allocate(capacity: Symbols.literalCount)
  /// By length − 3, extra bits included.
  private let matches = UnsafeMutablePointer<Code>.allocate(capacity: 256)
  private let distances = UnsafeMutablePointer<Code>.allocate(capacity: 32)

  private var bits = [UInt32](repeating: 0, count: Symbols.literalCount)

  /// A code, and how many extra bits follow it.
  private struct Code {
    /// In the order of the stream: the first bit is the least significant one.
    var bits: UInt32 = 0
    var length: UInt16 = 0
    var extra: UInt16 = 0

    /// The code with its extra bits.
    func field(_ extraBits: UInt64) -> (bits: UInt64, length: UInt64) {
      (UInt64(bits) | (extraBits & (1 &<< UInt64(extra) &- 1)) &<< UInt64(length), UInt64(length &+ extra))
    }
  }

  init() {
    unsafe literals.initialize(repeating: Code(), count: Symbols.literalCount)
    unsafe matches.initialize(repeating: Code(), count: 256)
    unsafe distances.initialize(repeating: Code(), count: 32)
  }

  deinit {
    unsafe literals.deallocate()
    unsafe matches.deallocate()
    unsafe distances.deallocate()
  }

  /// Makes the canonical codes (RFC 1951, 3.2.2) of all lengths.
  mutating func update(_ lengths: Span<UInt8>) {
    unsafe assign(lengths.extracting(0..<Symbols.literalCount), to: literals)
    unsafe assign(lengths.extracting(Symbols.literalCount..<Self.lengthCount), to: distances)
    for symbol in 0..<Symbols.distanceCount { unsafe distances[symbol].extra = UInt16(Symbols.extraBits(ofDistanceSymbol: symbol)) }
    var offset = 0
    for symbol in Symbols.endOfBlock + 1..<Symbols.longestMatchSymbol {
      let (code, extra) = (unsafe literals[symbol], Symbols.extraBits(ofLengthSymbol: symbol))
      for value in 0..<UInt32(1) << UInt32(extra) where offset < 256 {
        unsafe matches[offset] = Code(bits: code.bits | value &<< UInt32(code.length), length: code.length &+ UInt16(extra))
        offset += 1
      }
    }
    unsafe matches[255] = literals[Symbols.longestMatchSymbol]
  }

  private mutating func assign(_ lengths: Span<UInt8>, to codes: UnsafeMutablePointer<Code>) {
    var bits = self.bits.mutableSpan
    CanonicalCodes.assign(lengths, &bits)
    for symbol in lengths.indices { unsafe codes[symbol] = Code(bits: bits[symbol], length: UInt16(lengths[symbol])) }
  }

  /// Writes tokens and the end of the block.
  ///
  /// - Precondition: every symbol has a code, and there is room.
  func write(_ buffer: borrowing TokenBuffer, of row: RepeatedRow, to output: inout BitWriter) {
    let tokens = unsafe buffer.tokens
    var literal = unsafe buffer.literals
    for index in tokens.indices {
      let token = unsafe tokens[index]
      if token.isMatch {
        unsafe writeLiterals(token.literalCount, &literal, to: &output)
        writeMatch(token, to: &output)
      } else if token.isRows {
        writeRows(token.number, of: row, to: &output)
      } else {
        unsafe writeLiterals(token.number, &literal, to: &output)
      }
    }
    write(unsafe literals[Symbols.endOfBlock], to: &output)
  }

  /// Writes the next literals, three in one field, which is a pixel.
  @inline(__always)
  private func writeLiterals(_ count: Int, _ next: inout UnsafePointer<UInt8>, to output: inout BitWriter) {
    var left = count
    while left >= 3 {
      let (first, second, third) = unsafe (literals[Int(next[0])], literals[Int(next[1])], literals[Int(next[2])])
      let (length, both) = (UInt64(first.length), UInt64(first.length &+ second.length))
      output.write(UInt64(first.bits) | UInt64(second.bits) &<< length | UInt64(third.bits) &<< both, both &+ UInt64(third.length))
      unsafe next += 3
      left &-= 3
    }
    while left > 0 {
      write(unsafe literals[Int(next.pointee)], to: &output)
      unsafe next += 1
      left &-= 1
    }
  }

  @inline(__always)
  private func writeMatch(_ token: Token, to output: inout BitWriter) {
    let match = unsafe matches[token.length]
    let distance = unsafe distances[Int(Symbols.symbol(ofDistance: token.distance))].field(UInt64(token.distance &- 1))
    output.write(UInt64(match.bits) | distance.bits &<< UInt64(match.length), UInt64(match.length) &+ distance.length)
  }

  @inline(__always)
  private func write(_ code: Code, to output: inout BitWriter) { output.write(UInt64(code.bits), UInt64(code.length)) }

  private func writeRows(_ count: Int, of row: RepeatedRow, to output: inout BitWriter) {
    let (up, zero) = unsafe (literals[Int(RowFilter.up.rawValue)], literals[0])
    // A match of 258 zeroes has no extra bits. As many as a field holds are written at once.
    let (match, previous) = unsafe (matches[255], distances[0])
    let pair = (bits: UInt64(match.bits) | UInt64(previous.bits) << UInt64(match.length), length: Int(match.length + previous.length))
    let most = pair.length == 0 ? 1 : min(row.longMatches, 56 / pair.length)
    let many = (0..<most).reduce(UInt64(0)) { joined, _ in joined << UInt64(pair.length) | pair.bits }
    for _ in 0..<count {
      write(up, to: &output)
      for _ in 0..<row.zeroes { write(zero, to: &output) }
      var left = row.longMatches
      while left > 0 {
        let count = min(left, most)
        output.write(many & (1 &<< UInt64(count * pair.length) &- 1), UInt64(count * pair.length))
        left -= count
      }
      if row.shortMatch > 0 {
        write(unsafe matches[row.shortMatch - Symbols.shortestMatch], to: &output)
        write(previous, to: &output)
      }
    }
  }
}
