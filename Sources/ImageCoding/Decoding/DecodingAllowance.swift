/// How much work the decoding of several files may be together. What a file takes is known by its first bytes, before any of it is done: so
/// much for each of its pixels and each of its bytes, which was measured for each kind of file.
package struct DecodingAllowance: Sendable {
  /// Nanoseconds of one core of an AMD EPYC. Other machines take longer or shorter, but refuse the same files.
  package private(set) var nanoseconds: Int

  package init(milliseconds: Int) { nanoseconds = milliseconds * 1_000_000 }

  /// No limit but each file's own.
  static let unlimited = DecodingAllowance(milliseconds: .max / 1_000_000)

  /// Takes the cost of a file, or refuses it and takes nothing, so that a smaller one may still pass.
  mutating func spend(_ cost: DecodingCost, on pixels: Int, _ bytes: Int) throws(DecodingError) {
    let needed = pixels * cost.perPixel + bytes * cost.perByte
    guard needed <= nanoseconds else { throw .tooMuchWork(milliseconds: needed / 1_000_000, left: nanoseconds / 1_000_000) }
    nanoseconds -= needed
  }
}

/// What a kind of file takes, in nanoseconds: for a pixel, however few bytes it comes from, and for a byte of the file.
struct DecodingCost {
  var perPixel: Int
  var perByte: Int
}
