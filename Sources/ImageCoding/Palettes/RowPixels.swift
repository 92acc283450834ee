/// The layout of pixels in rows that begin with PNG's filter byte.
struct RowPixels {
  let width: Int
  let height: Int
  private let channels: Int

  /// - Returns: nil if the rows do not have that size.
  init?(_ rows: Span<UInt8>, width: Int, height: Int, hasAlpha: Bool) {
    (self.width, self.height, channels) = (width, height, hasAlpha ? 4 : 3)
    guard rows.count == (1 + channels * width) * height else { return nil }
  }

  /// Visits all pixels, row by row from left to right: 0xRRGGBB, or nil if a pixel is more transparent than opaque. Each run of equal pixels is
  /// visited once.
  func forEachRun(of rows: Span<UInt8>, _ body: (_ colour: UInt32?, _ count: Int) -> Void) {
    var (last, run): (UInt32?, Int) = (nil, 0)
    for y in 0..<height {
      var offset = y * (1 + channels * width) + 1
      for _ in 0..<width {
        let colour = colour(at: offset, of: rows)
        if colour != last {
          if run > 0 { body(last, run) }
          (last, run) = (colour, 0)
        }
        run += 1
        offset += channels
      }
    }
    body(last, run)
  }

  @inline(__always) private func colour(at offset: Int, of rows: Span<UInt8>) -> UInt32? {
    guard channels == 3 || rows[offset + 3] >= 128 else { return nil }
    return UInt32(rows[offset]) << 16 | UInt32(rows[offset + 1]) << 8 | UInt32(rows[offset + 2])
  }
}
