extension Canvas {
  /// Lays an upload on the canvas, stretched to a box of it.
  ///
  /// - Parameter change: gets a pixel of the upload, premultiplied, and how much of it the mask keeps, 0 to 1 (0 without a mask); returns
  ///   what is laid over the canvas, premultiplied.
  mutating func lay(
    _ upload: Upload, in box: Box, mask: Upload? = nil, change: (_ pixel: SIMD4<Float>, _ kept: Float) -> SIMD4<Float>
  ) {
    guard !box.columns.isEmpty, !box.rows.isEmpty else { return }
    var source = ScaledRows(upload, width: box.width, height: box.height)
    var kept = mask.map { ScaledRows($0, width: box.width, height: box.height) }
    for y in 0..<box.height {
      let pixels = source.row(y)
      let mask = kept?.row(y)
      var offset = offset(x: box.columns.lowerBound, y: box.rows.lowerBound + y)
      withMutableRows { rows in
        for x in pixels.indices {
          rows.lay(change(pixels[x], mask?[x].w ?? 0), at: offset)
          offset += 3
        }
      }
    }
  }
}

extension MutableSpan<UInt8> {
  /// Lays a premultiplied colour over a pixel.
  @inline(__always) fileprivate mutating func lay(_ pixel: SIMD4<Float>, at offset: Int) {
    let under = SIMD4(Float(self[offset]), Float(self[offset + 1]), Float(self[offset + 2]), 0)
    let mixed = (pixel * 255 + under * (1 - pixel.w)).clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255)) + 0.5
    (self[offset], self[offset + 1], self[offset + 2]) = (UInt8(mixed.x), UInt8(mixed.y), UInt8(mixed.z))
  }
}
