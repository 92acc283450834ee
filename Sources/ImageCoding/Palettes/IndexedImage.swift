/// A picture as indices into a palette. It is not dithered, because dithering costs more bytes than it is worth to the eye.
struct IndexedImage {
  /// At most 256 colours, 0xRRGGBB.
  let palette: [UInt32]
  /// The index of each pixel, row by row.
  let indices: [UInt8]
  /// The entry for transparent pixels; nil if every pixel is opaque.
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

/// The layout of pixels in rows that begin with PNG's filter byte.
struct RowPixels {
  let width: Int
  let height: Int
  private let channels: Int

  /// - Returns: nil if the rows do not have this size.
  init?(_ rows: Span<UInt8>, width: Int, height: Int, hasAlpha: Bool) {
    (self.width, self.height, channels) = (width, height, hasAlpha ? 4 : 3)
    guard rows.count == (1 + channels * width) * height else { return nil }
  }

  /// Visits all pixels, row by row from left to right, and runs of equal pixels at once. The colour is 0xRRGGBB, or nil if the pixel's
  /// alpha is below one half.
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
