/// Writes blocks of tokens, in Huffman codes of their own or, where that is shorter, as bytes (RFC 1951, 3.2.3).
@safe
struct BlockWriter: ~Copyable {
  private var huffman = HuffmanLengths()
  private var head = CodeLengths()
  /// How often each symbol occurs, the length of its code, and the code.
  private let counts = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: Symbols.count)
  private let lengths = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Symbols.count)
  private let codes = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: Symbols.count)
  /// What is written for the values of tokens, extra bits included, and for the symbols of distances.
  private let values = UnsafeMutablePointer<Code>.allocate(capacity: Tokens.valueCount)
  private let distances = UnsafeMutablePointer<Code>.allocate(capacity: Tokens.distanceSymbolCount)
  /// The symbols of match lengths, by length − 3.
  private let lengthSymbols = UnsafeMutablePointer<UInt16>.allocate(capacity: 256)

  /// A code, and how many extra bits follow it.
  private struct Code {
    var bits: UInt32 = 0
    var length: UInt16 = 0
    var extraLength: UInt16 = 0

    @inline(__always)
    func field(with extra: UInt64) -> BitField {
      BitField(bits: UInt64(bits) | extra &<< UInt64(length), length: UInt64(length &+ extraLength))
    }
  }

  private var headBitCount = 0

  private static let longestCode = 15
  /// The most bytes of one stored block.
  private static let longestStored = 65535

  init() {
    unsafe counts.initialize(repeating: 0)
    unsafe lengths.initialize(repeating: 0)
    unsafe codes.initialize(repeating: 0)
    unsafe values.initialize(repeating: Code(), count: Tokens.valueCount)
    unsafe distances.initialize(repeating: Code(), count: Tokens.distanceSymbolCount)
    for length in Symbols.shortestMatch...Symbols.longestMatch {
      unsafe lengthSymbols[length - Symbols.shortestMatch] = UInt16(Symbols.symbol(ofLength: length))
    }
  }

  deinit {
    unsafe counts.deallocate()
    unsafe lengths.deallocate()
    unsafe codes.deallocate()
    unsafe values.deallocate()
    unsafe distances.deallocate()
    unsafe lengthSymbols.deallocate()
  }

  /// Writes a block in codes of its own, or as bytes if that is shorter.
  ///
  /// - Parameters:
  ///   - bytes: what the tokens stand for; nil if that is no longer known.
  ///   - isLast: whether the stream ends with the block.
  /// - Returns: false if there is no room.
  mutating func write(
    _ tokens: borrowing Tokens, bytes: UnsafeRawBufferPointer?, isLast: Bool, to output: inout BitWriter
  ) -> Bool {
    makeCodes(for: tokens)
    let coded = headBitCount + bitCount
    let stored = unsafe bytes.map { $0.count <= Self.longestStored ? 8 * ($0.count + 4) + 7 : .max } ?? .max
    guard output.hasRoom(for: 3 + min(coded, stored)) else { return false }
    if let bytes = unsafe bytes, stored < coded {
      unsafe output.writeStored(bytes, isLast: isLast)
    } else {
      writeHead(isLast: isLast, to: &output)
      let all = unsafe tokens.tokens
      output.write(all.count) { index in field(of: unsafe all[index]) }
      writeEnd(to: &output)
    }
    return true
  }

  /// Writes a block of the same tokens several times. All must have codes already.
  ///
  /// - Parameter isLast: whether the stream ends with the block.
  /// - Returns: false if there is no room.
  mutating func write(_ tokens: borrowing Tokens, times: Int, isLast: Bool, to output: inout BitWriter) -> Bool {
    let all = unsafe tokens.tokens
    var fields: [BitField] = []
    for index in all.indices {
      let field = field(of: unsafe all[index])
      if let last = fields.last, last.length + field.length <= BitWriter.longestField {
        fields[fields.count - 1] = last.followed(by: field)
      } else {
        fields.append(field)
      }
    }
    let bits = fields.reduce(0) { $0 + Int($1.length) }
    guard output.hasRoom(for: 3 + headBitCount + times * bits + Self.longestCode) else { return false }
    writeHead(isLast: isLast, to: &output)
    for _ in 0..<times { for field in fields { output.write(field) } }
    writeEnd(to: &output)
    return true
  }

  /// Makes the shortest codes for tokens that occur so many times, and the end of the block once.
  mutating func makeCodes(for tokens: borrowing Tokens, times: Int = 1) {
    count(tokens, UInt32(times))
    let all = unsafe lengths
    var target = unsafe UnsafeMutableBufferPointer(rebasing: all[..<Symbols.literalCount]).mutableSpan
    huffman.find(unsafe UnsafeBufferPointer(rebasing: counts[..<Symbols.literalCount]).span, limit: Self.longestCode, &target)
    target = unsafe UnsafeMutableBufferPointer(rebasing: all[Symbols.literalCount...]).mutableSpan
    huffman.find(unsafe UnsafeBufferPointer(rebasing: counts[Symbols.literalCount...]).span, limit: Self.longestCode, &target)
    headBitCount = head.update(unsafe all.span)
    updateCodes()
  }

  private func writeHead(isLast: Bool, to output: inout BitWriter) {
    output.write((isLast ? 1 : 0) | 2 << 1, 3)
    head.write(to: &output)
  }

  private func writeEnd(to output: inout BitWriter) { output.write(code(of: Symbols.endOfBlock).field(with: 0)) }

  private func count(_ tokens: borrowing Tokens, _ times: UInt32) {
    for byte in 0..<256 { unsafe counts[byte] = times * tokens.count(ofValue: byte) }
    unsafe counts[Symbols.endOfBlock] = 1
    for symbol in Symbols.endOfBlock + 1..<Symbols.literalCount { unsafe counts[symbol] = 0 }
    for value in 0..<256 { unsafe counts[Int(lengthSymbols[value])] += times * tokens.count(ofValue: 256 + value) }
    var hasDistance = false
    for symbol in 0..<Symbols.distanceCount {
      let count = times * tokens.count(ofDistanceSymbol: symbol)
      hasDistance = hasDistance || count > 0
      unsafe counts[Symbols.literalCount + symbol] = count
    }
    // A block without any distance code is allowed, but so rare that a decoder may not know it.
    if !hasDistance { unsafe counts[Symbols.literalCount] = 1 }
  }

  /// The bits of all tokens and of the end of the block.
  private var bitCount: Int {
    var bits = 0
    for symbol in 0..<Symbols.literalCount {
      unsafe bits += Int(counts[symbol]) * (Int(lengths[symbol]) + Symbols.extraBits(ofLengthSymbol: symbol))
    }
    for symbol in 0..<Symbols.distanceCount {
      let index = Symbols.literalCount + symbol
      unsafe bits += Int(counts[index]) * (Int(lengths[index]) + Symbols.extraBits(ofDistanceSymbol: symbol))
    }
    return bits
  }

  private func updateCodes() {
    let (lengths, all) = unsafe (lengths, codes)
    var target = unsafe UnsafeMutableBufferPointer(rebasing: all[..<Symbols.literalCount]).mutableSpan
    CanonicalCodes.assign(unsafe UnsafeBufferPointer(rebasing: lengths[..<Symbols.literalCount]).span, &target)
    target = unsafe UnsafeMutableBufferPointer(rebasing: all[Symbols.literalCount...]).mutableSpan
    CanonicalCodes.assign(unsafe UnsafeBufferPointer(rebasing: lengths[Symbols.literalCount...]).span, &target)

    for byte in 0..<256 { unsafe values[byte] = code(of: byte) }
    var value = 256
    for symbol in Symbols.endOfBlock + 1..<Symbols.longestMatchSymbol {
      let (code, extraLength) = (code(of: symbol), Symbols.extraBits(ofLengthSymbol: symbol))
      // The last of these symbols has a value less than its extra bits allow, because the longest match has a symbol of its own.
      for extra in 0..<min(1 << extraLength, 511 - value) {
        unsafe values[value] = Code(bits: code.bits | UInt32(extra) << UInt32(code.length), length: code.length + UInt16(extraLength))
        value += 1
      }
    }
    unsafe values[511] = code(of: Symbols.longestMatchSymbol)
    for symbol in 0..<Symbols.distanceCount {
      unsafe distances[symbol] = code(of: Symbols.literalCount + symbol)
      unsafe distances[symbol].extraLength = UInt16(Symbols.extraBits(ofDistanceSymbol: symbol))
    }
  }

  private func code(of symbol: Int) -> Code { unsafe Code(bits: codes[symbol], length: UInt16(lengths[symbol])) }

  @inline(__always)
  private func field(of token: Token) -> BitField {
    let (value, distance) = unsafe (values[token.value], distances[token.distanceSymbol])
    return value.field(with: 0).followed(by: distance.field(with: token.distanceExtra))
  }
}
