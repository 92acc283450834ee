import CFreeType

extension Font {
  /// Draws a glyph that its font has as a picture of one size only.
  func rasteriseBitmap(_ glyph: UInt32, pixelSize: Int, shift: Float) -> Glyph {
    guard unsafe FT_Select_Size(face, 0) == 0, unsafe FT_Load_Glyph(face, glyph, FT_Int32(FT_LOAD_COLOR)) == 0,
      let slot = unsafe face.pointee.glyph, let size = unsafe face.pointee.size,
      let bitmap = unsafe ColourBitmap(slot.pointee)
    else { return .empty }
    return unsafe bitmap.glyph(scale: Float(pixelSize) / Float(size.pointee.metrics.y_ppem), shift: shift)
  }
}

extension ColourBitmap {
  /// Takes over what FreeType unpacked; nil for what is not in colours.
  fileprivate init?(_ slot: FT_GlyphSlotRec_) {
    let bitmap = unsafe slot.bitmap
    guard unsafe UInt32(bitmap.pixel_mode) == FT_PIXEL_MODE_BGRA.rawValue, let buffer = unsafe bitmap.buffer else { return nil }
    (width, height) = unsafe (Int(bitmap.width), Int(bitmap.rows))
    (left, top) = unsafe (Int(slot.bitmap_left), Int(slot.bitmap_top))
    let pitch = unsafe Int(bitmap.pitch)
    var pixels: [SIMD4<UInt8>] = []
    pixels.reserveCapacity(width * height)
    for y in 0..<height {
      for x in 0..<width {
        let place = unsafe buffer + (y * pitch + 4 * x)
        unsafe pixels.append(SIMD4(place[0], place[1], place[2], place[3]))
      }
    }
    self.pixels = pixels
  }
}
