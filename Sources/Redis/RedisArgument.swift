/// An argument of a command: any bytes.
package struct RedisArgument: Sendable, Equatable {
  /// What the argument is put together of. A long piece is sent from where it is.
  let pieces: [[UInt8]]

  /// - Parameter pieces: consecutive parts of the argument, which need not be copied into one.
  package init(pieces: [[UInt8]]) { self.pieces = pieces }
  package init(_ bytes: [UInt8]) { self.init(pieces: [bytes]) }
  package init(_ text: String) { self.init(Array(text.utf8)) }
  package init(_ number: some BinaryInteger) { self.init(String(number)) }
}

extension RedisArgument: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self.init(text) }
  package init(integerLiteral number: Int) { self.init(number) }
}
