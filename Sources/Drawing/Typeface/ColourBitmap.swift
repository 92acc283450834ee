import CFreeType

/// A glyph that is a picture, at the one size that its font has.
struct ColourBitmap {
  /// Blue, green, red and coverage of each pixel, row by row; 0 to 255, premultiplied.
  let pixels: [SIMD4<UInt8>]
  let width: Int
  let height: Int
  /// Pixels from the origin right to the first column, and from the baseline up to the upper edge of the first row.
  let left: Int
  let top: Int

  /// The glyph at another size.
  ///
  /// - Parameters:
  ///   - scale: pixels of the glyph per pixel of the bitmap.
  ///   - shift: the offset of the origin from a whole pixel, to the right.
  func glyph(scale: Float, shift: Float) -> Glyph {
    let columns = ResamplingFilter(TriangleKernel(start: Float(left) * scale + shift, count: width, scale: scale))
    let rows = ResamplingFilter(TriangleKernel(start: -Float(top) * scale, count: height, scale: scale))
    let count = columns.targets.count * rows.targets.count
    var coverage: [UInt8] = []
    coverage.reserveCapacity(count)
    var colours: [UInt8] = []
    colours.reserveCapacity(3 * count)
    // Only a few rows are in floating point, to save memory.
    var mixed = [Float](repeating: 0, count: 4 * (width + columns.count))
    var ring = RowRing(rows, slotSize: mixed.count)
    var row = PixelRow(count: columns.targets.count)
    for y in 0..<rows.targets.count {
      for number in ring.groups {
        for source in ring.advance(to: number, of: y) {
          ring.numbers.read(pixels.span.extracting(source * width..<(source + 1) * width), at: ring.offset(of: source))
        }
        mixed.add(ring.group(number, of: y), isFirst: number == 0)
      }
      row.numbers.scale(mixed, by: columns, at: 0)
      for x in 0..<row.count {
        let pixel = row[x] + 0.5
        coverage.append(UInt8(pixel.w))
        colours.append(UInt8(pixel.z))
        colours.append(UInt8(pixel.y))
        colours.append(UInt8(pixel.x))
      }
    }
    return Glyph(
      left: columns.targets.lowerBound, top: -rows.targets.lowerBound, width: columns.targets.count, coverage: coverage.span,
      colours: colours)
  }
}

extension Font {
  /// Draws a glyph that its font has only as a picture of one size.
  func rasteriseBitmap(_ glyph: UInt32, pixelSize: Int, shift: Float) -> Glyph {
    guard unsafe FT_Select_Size(face, 0) == 0, unsafe FT_Load_Glyph(face, glyph, FT_Int32(FT_LOAD_COLOR)) == 0,
      let slot = unsafe face.pointee.glyph, let size = unsafe face.pointee.size,
      let bitmap = unsafe ColourBitmap(slot.pointee)
    else { return .empty }
    return unsafe bitmap.glyph(scale: Float(pixelSize) / Float(size.pointee.metrics.y_ppem), shift: shift)
  }
}

extension ColourBitmap {
  /// Copies a bitmap that FreeType unpacked; nil if it is not in colours.
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
