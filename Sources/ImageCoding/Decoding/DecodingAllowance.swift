/// The work that decoding several files may take in total. The cost of a file is known from its first bytes, before any work is done: a measured
/// cost per pixel and per byte for each kind of file.
package struct DecodingAllowance: Sendable {
  /// Nanoseconds of one core of an AMD EPYC. Other machines are slower or faster, but reject the same files.
  package private(set) var nanoseconds: Int

  package init(milliseconds: Int) { nanoseconds = milliseconds * 1_000_000 }

  /// No limit except that of each file.
  static let unlimited = DecodingAllowance(milliseconds: .max / 1_000_000)

  /// Subtracts the cost of a file, or rejects it and subtracts nothing, so that a smaller file may still pass.
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
