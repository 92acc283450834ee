/// Writes rows that equal the row above, which PNG's filters turn into zeroes.
///
/// Such a row is filter byte 2 (Up) and zeroes: the same few bits each time, five bytes at 1024 pixels, made once. The filter byte and one zero
/// are literals; matches of zeroes at distance 1 follow. This needs no look at the canvas, and is shorter than any compressor's output for
/// the unfiltered row, because a match at the distance of a row costs ten bits more.
struct RepeatedRows: ~Copyable {
  private var blocks = BlockWriter()
  private var tokens = Tokens()
  /// The bytes of the rows that the tokens stand for.
  private var stride = 0

  /// Codes that suit so many rows suit any number.
  private static let usualCount = 100

  /// Writes a block of rows.
  ///
  /// - Parameters:
  ///   - count: the number of rows.
  ///   - stride: the bytes of a row, its filter byte included; at most 4,000,001, which libpng allows.
  ///   - isLast: whether the stream ends with the rows.
  ///   - checksum: to which the rows are added.
  /// - Returns: false if there is no room.
  mutating func write(_ count: Int, stride: Int, isLast: Bool, to output: inout BitWriter, checksum: inout Adler32) -> Bool {
    if stride != self.stride { prepare(stride) }
    for _ in 0..<count {
      checksum.add(RowFilter.up.rawValue)
      checksum.add(zeroes: stride - 1)
    }
    return blocks.write(tokens, times: count, isLast: isLast, to: &output)
  }

  private mutating func prepare(_ stride: Int) {
    tokens.removeAll()
    var sink = tokens.sink
    sink.append(RowFilter.up.rawValue)
    let zeroes = stride - 1
    // Behind the first zero, there may be too few for a match.
    let literals = zeroes - 1 < Symbols.shortestMatch ? zeroes : 1
    for _ in 0..<literals { sink.append(0) }
    if zeroes > literals { sink.append(length: zeroes - literals, distance: 1) }
    tokens.update(sink)
    blocks.makeCodes(for: tokens, times: Self.usualCount)
    self.stride = stride
  }
}
