extension Canvas {
  /// Draws an upload on the canvas, stretched to a box.
  ///
  /// - Parameters:
  ///   - hole: a part of the box that is left out.
  ///   - change: takes a premultiplied pixel of the upload and the share of it that the mask keeps, 0 to 1 (1 without a mask), and returns the
  ///     premultiplied pixel to blend over the canvas.
  mutating func lay(
    _ upload: Upload, in box: Box, mask: Upload? = nil, around hole: Box? = nil,
    change: (_ pixel: SIMD4<Float>, _ kept: Float) -> SIMD4<Float>
  ) {
    guard !box.columns.isEmpty, !box.rows.isEmpty else { return }
    var source = ScaledRows(upload, width: box.width, height: box.height)
    var kept = mask.map { ScaledRows($0, width: box.width, height: box.height) }
    for y in 0..<box.height {
      let pixels = source.row(y)
      let mask = kept?.row(y)
      let isHoled = hole?.rows.contains(box.rows.lowerBound + y) ?? false
      let first = box.columns.lowerBound
      let left = isHoled ? (hole?.columns.lowerBound ?? first) - first : pixels.count
      let right = isHoled ? (hole?.columns.upperBound ?? first) - first : pixels.count
      let offset = offset(x: first, y: box.rows.lowerBound + y)
      withMutableRows { rows in
        for x in 0..<left { rows.lay(change(pixels[x], mask?[x].w ?? 1), at: offset + 3 * x) }
        for x in right..<pixels.count { rows.lay(change(pixels[x], mask?[x].w ?? 1), at: offset + 3 * x) }
      }
    }
  }
}

extension MutableSpan<UInt8> {
  /// Blends a premultiplied colour over a pixel.
  @inline(__always) fileprivate mutating func lay(_ pixel: SIMD4<Float>, at offset: Int) {
    let under = SIMD4(Float(self[offset]), Float(self[offset + 1]), Float(self[offset + 2]), 0)
    let mixed = (pixel * 255 + under * (1 - pixel.w)).clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255)) + 0.5
    (self[offset], self[offset + 1], self[offset + 2]) = (UInt8(mixed.x), UInt8(mixed.y), UInt8(mixed.z))
  }
}
