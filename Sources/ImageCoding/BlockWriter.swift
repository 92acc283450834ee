/// Writes blocks of tokens in the shortest of deflate's three ways (RFC 1951, 3.2.3): as bytes, in the fixed codes, or in codes of their own.
@safe
struct BlockWriter: ~Copyable {
  private var codes = BlockCodes()
  private var head = CodeLengths()
  private var huffman = HuffmanLengths()
  /// The lengths of the codes of both alphabets.
  private let lengths = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: BlockCodes.lengthCount)

  private enum Kind: UInt64 { case stored = 0, fixed, dynamic }

  /// The most bytes of one stored block.
  static let longestStored = 65535
  private static let fixedLengths =
    [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
    + [UInt8](repeating: 8, count: 8) + [UInt8](repeating: 5, count: Symbols.distanceCount)

  init() { unsafe lengths.initialize(repeating: 0) }

  deinit { unsafe lengths.deallocate() }

  /// Writes a block.
  ///
  /// - Parameters:
  ///   - row: what a token of repeated rows stands for.
  ///   - bytes: what the tokens stand for; empty if that is no longer known.
  ///   - isLast: whether the stream ends with the block.
  /// - Returns: false if there is no room.
  mutating func write(
    _ tokens: borrowing TokenBuffer, of row: RepeatedRow, bytes: UnsafeRawBufferPointer, isLast: Bool, to output: inout BitWriter
  ) -> Bool {
    let all = unsafe lengths
    return tokens.withCounts { literals, distances in
      findLengths(literals, distances)
      let lengths = unsafe all.span
      let dynamic = head.update(lengths) + Self.bits(lengths, literals, distances)
      let fixed = Self.bits(Self.fixedLengths.span, literals, distances)
      let stored = unsafe bytes.isEmpty || bytes.count > Self.longestStored ? Int.max : 8 * (bytes.count + 4) + 7
      let kind: Kind = min(dynamic, fixed) > stored ? .stored : fixed <= dynamic ? .fixed : .dynamic
      guard output.hasRoom(for: 3 + min(dynamic, fixed, stored)) else { return false }
      output.write((isLast ? 1 : 0) | kind.rawValue << 1, 3)
      switch kind {
      case .stored: unsafe store(bytes, to: &output)
      case .fixed:
        codes.update(Self.fixedLengths.span)
        codes.write(tokens, of: row, to: &output)
      case .dynamic:
        head.write(to: &output)
        codes.update(lengths)
        codes.write(tokens, of: row, to: &output)
      }
      return true
    }
  }

  /// The bits that a block would have in codes of its own, without its head.
  mutating func bits(of tokens: borrowing TokenBuffer) -> Int {
    let all = unsafe lengths
    return tokens.withCounts { literals, distances in
      findLengths(literals, distances)
      return unsafe Self.bits(all.span, literals, distances)
    }
  }

  /// Writes an empty stored block, which ends at a whole byte.
  /// - Returns: false if there is no room.
  static func writeEnd(to output: inout BitWriter) -> Bool {
    guard output.hasRoom(for: 3 + 7 + 32) else { return false }
    output.write(0, 3)
    output.align()
    output.write(0xffff_0000, 32)
    return true
  }

  private mutating func findLengths(_ literals: Span<UInt32>, _ distances: Span<UInt32>) {
    let all = unsafe lengths
    var target = unsafe UnsafeMutableBufferPointer(rebasing: all[..<Symbols.literalCount]).mutableSpan
    huffman.find(literals, limit: 15, &target)
    target = unsafe UnsafeMutableBufferPointer(rebasing: all[Symbols.literalCount...]).mutableSpan
    huffman.find(distances, limit: 15, &target)
  }

  /// The bits of all tokens and of the end of the block.
  private static func bits(_ lengths: Span<UInt8>, _ literals: Span<UInt32>, _ distances: Span<UInt32>) -> Int {
    var bits = 0
    for symbol in literals.indices { bits += Int(literals[symbol]) * (Int(lengths[symbol]) + Symbols.extraBits(ofLengthSymbol: symbol)) }
    for symbol in distances.indices {
      let length = Int(lengths[Symbols.literalCount + symbol])
      bits += Int(distances[symbol]) * (length + Symbols.extraBits(ofDistanceSymbol: symbol))
    }
    return bits
  }

  private func store(_ bytes: UnsafeRawBufferPointer, to output: inout BitWriter) {
    output.align()
    let count = UInt64(bytes.count)
    output.write(count | (count ^ 0xffff) << 16, 32)
    unsafe output.write(bytes)
  }
}
