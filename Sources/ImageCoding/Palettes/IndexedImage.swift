/// An image as indices into a palette, without dithering, which would cost many bytes for little visible gain.
struct IndexedImage {
  /// 0xRRGGBB, at most 256.
  let palette: [UInt32]
  /// Row by row.
  let indices: [UInt8]
  /// The transparent entry; nil if every pixel is opaque.
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
