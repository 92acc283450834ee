/// The literals and matches of a block, in order, and how often each value of deflate's alphabets occurs among them.
@safe
struct Tokens: ~Copyable {
  /// A block ends with so many tokens. Shorter blocks would follow a picture's changes, but each has codes of its own.
  static let capacity = 16384
  /// The most bytes of a match. One that is longer than deflate's longest is several tokens.
  static let longestMatch = 16 * Symbols.longestMatch
  /// The most tokens that are appended at once.
  private static let mostAtOnce = 17

  static let valueCount = 512
  static let distanceSymbolCount = 32

  /// What is appended to: a copy of it on the stack is what makes appending fast.
  private(set) var sink = Sink()

  @safe
  struct Sink {
    fileprivate let tokens = UnsafeMutablePointer<Token>.allocate(capacity: capacity + mostAtOnce)
    fileprivate let values = UnsafeMutablePointer<UInt32>.allocate(capacity: valueCount)
    fileprivate let distances = UnsafeMutablePointer<UInt32>.allocate(capacity: distanceSymbolCount)
    fileprivate(set) var count = 0

    var isFull: Bool { count >= capacity }

    /// - Precondition: the tokens are not full, or became so by at most three literals.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
      unsafe tokens[count] = Token(byte)
      unsafe values[Int(byte)] &+= 1
      count &+= 1
    }

    /// Appends a match.
    ///
    /// - Precondition: the tokens are not full.
    /// - Parameters:
    ///   - length: 3 to ``Tokens/longestMatch``; more if there is room for the tokens.
    ///   - distance: 1 to 32768.
    @inline(__always)
    mutating func append(length: Int, distance: Int) {
      let distance = UInt32(truncatingIfNeeded: distance)
      let symbol = Int(Symbols.symbol(ofDistance: distance))
      var left = length
      repeat {
        // No rest is shorter than a match.
        let part = left <= Symbols.longestMatch ? left : min(Symbols.longestMatch, left &- Symbols.shortestMatch)
        let token = Token(length: part, distance: distance, distanceSymbol: symbol)
        unsafe tokens[count] = token
        unsafe values[token.value] &+= 1
        unsafe distances[symbol] &+= 1
        count &+= 1
        left &-= part
      } while left > 0
    }
  }

  init() { removeAll() }

  deinit {
    unsafe sink.tokens.deallocate()
    unsafe sink.values.deallocate()
    unsafe sink.distances.deallocate()
  }

  mutating func removeAll() {
    sink.count = 0
    unsafe sink.values.initialize(repeating: 0, count: Self.valueCount)
    unsafe sink.distances.initialize(repeating: 0, count: Self.distanceSymbolCount)
  }

  /// Puts back a copy that was appended to.
  mutating func update(_ sink: Sink) { self.sink = sink }

  var count: Int { sink.count }
  var tokens: UnsafeBufferPointer<Token> { unsafe UnsafeBufferPointer(start: sink.tokens, count: sink.count) }

  /// How often a literal occurs, or, from 256, a match length less 3.
  func count(ofValue value: Int) -> UInt32 { unsafe sink.values[value] }

  func count(ofDistanceSymbol symbol: Int) -> UInt32 { unsafe sink.distances[symbol] }
}

/// A literal or a match.
///
/// ```
/// literal  31 (5)                     │ 0 (18)              │ byte (9)
/// match    symbol of its distance (5) │ its extra bits (18) │ 256 + length − 3 (9)
/// ```
///
/// Deflate has no distance symbol 31. Literals have it so that no branch is needed to write a token: its code has no bits.
struct Token {
  private let bits: UInt32

  static let noDistance: UInt32 = 31

  init(_ byte: UInt8) { bits = UInt32(byte) | Self.noDistance << 27 }

  @inline(__always)
  init(length: Int, distance: UInt32, distanceSymbol: Int) {
    let extra = (distance &- 1) & (1 &<< Symbols.extraBits(ofDistance: distance) &- 1)
    let value = 256 &+ length &- Symbols.shortestMatch
    bits = UInt32(truncatingIfNeeded: distanceSymbol &<< 27 | value) | extra &<< 9
  }

  /// A byte, or 256 + length − 3.
  var value: Int { Int(bits & 511) }
  /// 31 for a literal.
  var distanceSymbol: Int { Int(bits &>> 27) }
  var distanceExtra: UInt64 { UInt64(bits &>> 9 & 0x3ffff) }
}
