/// How a row that equals the row above is written: as PNG's filter Up over zeroes, the same few bits each time, five bytes at 1024 pixels.
///
/// The filter byte and one zero are literals; matches of zeroes at distance 1 follow, 258 at a time. This needs no look at the row, and is
/// shorter than a match at the distance of a row, which costs ten bits more.
struct RepeatedRow {
  /// The bytes of the row, its filter byte included.
  let stride: Int
  /// The zeroes in literals.
  let zeroes: Int
  /// The matches of 258 zeroes.
  let longMatches: Int
  /// The length of one shorter match; 0 for none.
  let shortMatch: Int

  init(stride: Int) {
    self.stride = stride
    // Besides the filter byte and the zero that the first match repeats.
    let matched = max(0, stride - 2)
    let rest = matched % Symbols.longestMatch
    longMatches = matched / Symbols.longestMatch
    shortMatch = rest < Symbols.shortestMatch ? 0 : rest
    zeroes = stride - 1 - Symbols.longestMatch * longMatches - shortMatch
  }
}
