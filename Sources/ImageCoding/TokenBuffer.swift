/// The tokens of a block, in order, and how often each symbol of deflate's alphabets occurs in them.
@safe
struct TokenBuffer: ~Copyable {
  /// A block ends with so many tokens and literals. Shorter blocks would follow a picture's changes, but each has its own tables of codes.
  static let capacity = 10_000
  /// The most literals that are appended at once, which is a pixel.
  static let mostAtOnce = 4

  /// What is appended to: a copy of it on the stack is what makes appending fast.
  private(set) var sink = Sink()
  private let literalCounts = UnsafeMutablePointer<UInt32>.allocate(capacity: Symbols.literalCount)
  private let distanceCounts = UnsafeMutablePointer<UInt32>.allocate(capacity: Symbols.distanceCount)
  /// The symbols of match lengths, by length − 3.
  private let lengthSymbols = UnsafeMutablePointer<UInt16>.allocate(capacity: 256)

  @safe
  struct Sink {
    fileprivate let tokens = UnsafeMutablePointer<Token>.allocate(capacity: capacity + 1)
    fileprivate let literals = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + mostAtOnce)
    fileprivate var count = 0
    fileprivate var literalCount = 0
    /// The literals that are part of a token.
    fileprivate var knownLiterals = 0

    /// The tokens and literals that may still be appended.
    var room: Int { capacity &- count &- literalCount }

    /// - Precondition: there is room, and four bytes can be read.
    @inline(__always)
    mutating func append(_ number: Int, literals bytes: UnsafePointer<UInt8>) {
      let four = unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt32.self)
      unsafe UnsafeMutableRawPointer(literals + literalCount).storeBytes(of: four, as: UInt32.self)
      literalCount &+= number
    }

    /// - Precondition: there is room for two.
    @inline(__always)
    mutating func append(length: Int, distance: Int) {
      if literalCount &- knownLiterals > Token.mostLiterals { appendLiterals() }
      append(Token(literals: literalCount &- knownLiterals, length: length, distance: distance))
      knownLiterals = literalCount
    }

    /// Makes a token of the literals that are not part of one.
    fileprivate mutating func appendLiterals() {
      guard literalCount > knownLiterals else { return }
      append(Token(literals: literalCount - knownLiterals))
      knownLiterals = literalCount
    }

    @inline(__always)
    fileprivate mutating func append(_ token: Token) {
      unsafe tokens[count] = token
      count &+= 1
    }
  }

  init() {
    for length in Symbols.shortestMatch...Symbols.longestMatch {
      unsafe lengthSymbols[length - Symbols.shortestMatch] = UInt16(Symbols.symbol(ofLength: length))
    }
    removeAll()
  }

  deinit {
    unsafe sink.tokens.deallocate()
    unsafe sink.literals.deallocate()
    unsafe literalCounts.deallocate()
    unsafe distanceCounts.deallocate()
    unsafe lengthSymbols.deallocate()
  }

  mutating func removeAll() {
    (sink.count, sink.literalCount, sink.knownLiterals) = (0, 0, 0)
    unsafe literalCounts.update(repeating: 0, count: Symbols.literalCount)
    unsafe distanceCounts.update(repeating: 0, count: Symbols.distanceCount)
    // Once in each block.
    unsafe literalCounts[Symbols.endOfBlock] = 1
  }

  /// Puts back a copy that was appended to.
  mutating func update(_ sink: Sink) { self.sink = sink }

  /// - Precondition: there is room for two.
  /// - Parameter rowCount: at most ``Token/most``.
  mutating func append(_ rowCount: Int, of row: RepeatedRow) {
    sink.appendLiterals()
    sink.append(Token(repeatedRows: rowCount))
    let count = UInt32(rowCount)
    unsafe literalCounts[Int(RowFilter.up.rawValue)] += count
    unsafe literalCounts[0] += count * UInt32(row.zeroes)
    unsafe literalCounts[Symbols.longestMatchSymbol] += count * UInt32(row.longMatches)
    unsafe distanceCounts[0] += count * UInt32(row.longMatches)
    guard row.shortMatch > 0 else { return }
    unsafe literalCounts[Symbols.symbol(ofLength: row.shortMatch)] += count
    unsafe distanceCounts[0] += count
  }

  /// Completes the tokens, and counts the symbols of literals and matches.
  mutating func finish() {
    sink.appendLiterals()
    let (literalCounts, distanceCounts, lengthSymbols, sink) = unsafe (literalCounts, distanceCounts, lengthSymbols, sink)
    for index in 0..<sink.literalCount { unsafe literalCounts[Int(sink.literals[index])] &+= 1 }
    for index in 0..<sink.count {
      let token = unsafe sink.tokens[index]
      guard token.isMatch else { continue }
      unsafe literalCounts[Int(lengthSymbols[token.length])] &+= 1
      unsafe distanceCounts[Int(Symbols.symbol(ofDistance: token.distance))] &+= 1
    }
  }

  var tokens: UnsafeBufferPointer<Token> { unsafe UnsafeBufferPointer(start: sink.tokens, count: sink.count) }
  var literals: UnsafePointer<UInt8> { unsafe UnsafePointer(sink.literals) }

  /// Reads how often the symbols of the two alphabets occur.
  func withCounts<Result>(_ body: (_ literals: Span<UInt32>, _ distances: Span<UInt32>) -> Result) -> Result {
    unsafe body(
      UnsafeBufferPointer(start: literalCounts, count: Symbols.literalCount).span,
      UnsafeBufferPointer(start: distanceCounts, count: Symbols.distanceCount).span)
  }
}
