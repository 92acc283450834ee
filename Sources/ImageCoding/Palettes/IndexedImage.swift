/// A picture as numbers of a palette's colours, without dithering, which would cost more bytes than the eye gains.
struct IndexedImage {
  /// 0xRRGGBB, at most 256.
  let palette: [UInt32]
  /// Row by row.
  let indices: [UInt8]
  /// The entry that stands for nothing; nil where every pixel is opaque.
  let transparent: UInt8?

  init(_ image: RowPixels, of rows: Span<UInt8>) {
    var counts = ColourCounts(image, of: rows)
    let entries = counts.all.map { MedianCut.Entry(colour: $0.colour, pixels: $0.pixels) }
    let isTransparent = entries.reduce(0) { $0 + Int($1.pixels) } < image.width * image.height
    let cut = MedianCut(entries, limit: isTransparent ? 255 : 256)
    for (colour, index) in cut.indices { counts[colour] = index }
    palette = cut.palette + (isTransparent ? [0] : [])
    transparent = isTransparent ? UInt8(cut.palette.count) : nil
    indices = Self.indices(image, rows, counts, transparent: transparent ?? 0)
  }

  private static func indices(_ image: RowPixels, _ rows: Span<UInt8>, _ counts: ColourCounts, transparent: UInt8) -> [UInt8] {
    var indices: [UInt8] = []
    indices.reserveCapacity(image.width * image.height)
    image.forEachRun(of: rows) { colour, run in
      let index = colour.map { UInt8(truncatingIfNeeded: counts[$0]) } ?? transparent
      indices.append(contentsOf: repeatElement(index, count: run))
    }
    return indices
  }
}

/// How pixels lie in rows that begin with PNG's filter byte.
struct RowPixels {
  let width: Int
  let height: Int
  private let channels: Int

  /// - Returns: nil where the rows are not of that size.
  init?(_ rows: Span<UInt8>, width: Int, height: Int, hasAlpha: Bool) {
    (self.width, self.height, channels) = (width, height, hasAlpha ? 4 : 3)
    guard rows.count == (1 + channels * width) * height else { return nil }
  }

  /// Visits all pixels, row by row from left to right: 0xRRGGBB, or nil where a pixel is more transparent than not. Runs of equal pixels
  /// are visited at once.
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
