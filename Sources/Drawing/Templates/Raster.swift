/// A finished picture that is laid on canvases, as rows that begin with PNG's filter byte.
struct Raster {
  let width: Int
  let height: Int
  /// Whether a pixel has four bytes (red, green, blue, alpha, not premultiplied), and not three.
  let hasAlpha: Bool
  let rows: [UInt8]

  var stride: Int { 1 + (hasAlpha ? 4 : 3) * width }

  /// An upload at another size.
  init(_ upload: Upload, width: Int, height: Int) {
    (self.width, self.height, hasAlpha) = (width, height, !upload.isOpaque)
    rows = upload.scaledRows(width: width, height: height, hasAlpha: hasAlpha)
  }

  /// A background of a rectangle.
  init(_ background: Background, on size: PictureSize) {
    (width, height, hasAlpha) = (size.width, size.height, false)
    var canvas = Canvas(size: size)
    canvas.paint(background)
    rows = canvas.withRows { rows in unsafe rows.withUnsafeBufferPointer { unsafe Array($0) } }
  }
}

extension Canvas {
  /// Lays a raster on the rows that the canvas holds.
  ///
  /// - Parameters:
  ///   - left, top: where its upper left corner is. What is outside the picture is left out.
  ///   - radius: of its corners, in pixels.
  mutating func lay(_ raster: Raster, left: Int, top: Int, radius: Int = 0, opacity: Opacity = .opaque) {
    let (size, band, stride) = (size, band, stride)
    let columns = (left..<left + raster.width).clamped(to: 0..<size.width)
    let lines = (top..<top + raster.height).clamped(to: band)
    guard !columns.isEmpty, !lines.isEmpty else { return }
    let channels = raster.hasAlpha ? 4 : 3
    let source = raster.rows.span
    withMutableRows { rows in
      func lay(_ y: Int, _ columns: Range<Int>, _ opacity: Opacity, to rows: inout MutableSpan<UInt8>) {
        let start = (y - top) * raster.stride + 1 + channels * (columns.lowerBound - left)
        let pixels = source.extracting(start..<start + channels * columns.count)
        let offset = (y - band.lowerBound) * stride + 1 + 3 * columns.lowerBound
        if raster.hasAlpha {
          rows.layTransparent(pixels, opacity: opacity, at: offset)
        } else if opacity == .opaque {
          rows.copy(pixels, to: offset)
        } else {
          rows.layOpaque(pixels, opacity: opacity, at: offset)
        }
      }
      guard radius > 0 else {
        for y in lines { lay(y, columns, opacity, to: &rows) }
        return
      }
      let whole = Box(left: left, top: top, right: left + raster.width, bottom: top + raster.height)
      let shape = RoundedRectangle(whole, radius: min(radius, whole.width / 2, whole.height / 2))
      shape.scan(columns: columns, height: lines) { y, columns, coverage in
        if !columns.isEmpty { lay(y, columns, coverage < 1 ? Opacity(opacity.share * coverage) : opacity, to: &rows) }
      }
    }
  }

  /// Fills a rectangle with one colour.
  mutating func fill(_ box: Box, with colour: Colour, radius: Int, opacity: Opacity) {
    let (size, band, stride) = (size, band, stride)
    let row = Ramp(colour, count: max(box.columns.clamped(to: 0..<size.width).count, 1))
    let shape = RoundedRectangle(box, radius: min(radius, box.width / 2, box.height / 2))
    withMutableRows { rows in
      shape.scan(columns: 0..<size.width, height: band) { y, columns, coverage in
        let pixels = row.bytes.span.extracting(0..<3 * columns.count)
        let share = coverage < 1 ? Opacity(opacity.share * coverage) : opacity
        let offset = (y - band.lowerBound) * stride + 1 + 3 * columns.lowerBound
        if share == .opaque { rows.copy(pixels, to: offset) } else { rows.layOpaque(pixels, opacity: share, at: offset) }
      }
    }
  }
}

extension MutableSpan<UInt8> {
  /// Blends pixels of three bytes over others, evenly.
  mutating func layOpaque(_ pixels: Span<UInt8>, opacity: Opacity, at offset: Int) {
    precondition(offset >= 0 && offset + pixels.count <= count, "pixels end outside the rows")
    let (over, under) = (opacity.of256, 256 &- opacity.of256)
    for index in 0..<pixels.count {
      let mixed = unsafe UInt16(pixels[unchecked: index]) &* over &+ UInt16(self[unchecked: offset &+ index]) &* under &+ 128
      unsafe self[unchecked: offset &+ index] = UInt8(truncatingIfNeeded: mixed &>> 8)
    }
  }

  /// Blends pixels of four bytes, not premultiplied, over others of three.
  mutating func layTransparent(_ pixels: Span<UInt8>, opacity: Opacity, at offset: Int) {
    let pixelCount = pixels.count / 4
    precondition(offset >= 0 && offset + 3 * pixelCount <= count, "pixels end outside the rows")
    for pixel in 0..<pixelCount {
      let (source, target) = (4 &* pixel, offset &+ 3 &* pixel)
      let alpha = unsafe UInt32(pixels[unchecked: source &+ 3])
      let over = (alpha &+ alpha &>> 7) &* UInt32(opacity.of256)
      for channel in 0..<3 {
        let colour = unsafe UInt32(pixels[unchecked: source &+ channel])
        let below = unsafe UInt32(self[unchecked: target &+ channel])
        unsafe self[unchecked: target &+ channel] = UInt8(truncatingIfNeeded: (colour &* over &+ below &* (65536 &- over) &+ 32768) &>> 16)
      }
    }
  }

  /// Blends one colour over pixels of three bytes.
  ///
  /// - Parameters:
  ///   - mask: how much of the colour each pixel gets, 0 to 255, or each of its bytes.
  ///   - isFine: whether each byte has an amount of its own.
  mutating func blendPixels(_ colour: Colour, opacity: Opacity, through mask: Span<UInt8>, isFine: Bool, at offset: Int) {
    let amounts = isFine ? 3 : 1
    let pixels = mask.count / amounts
    precondition(offset >= 0 && offset + 3 * pixels <= count, "blend ends outside the rows")
    let channels = SIMD4<UInt32>(UInt32(colour.red), UInt32(colour.green), UInt32(colour.blue), 0)
    for pixel in 0..<pixels {
      for channel in 0..<3 {
        let amount = unsafe UInt32(mask[unchecked: amounts &* pixel &+ (isFine ? channel : 0)])
        guard amount > 0 else { continue }
        let over = (amount &+ amount &>> 7) &* UInt32(opacity.of256)
        let index = offset &+ 3 &* pixel &+ channel
        let below = unsafe UInt32(self[unchecked: index])
        let mixed = channels[channel] &* over &+ below &* (65536 &- over) &+ 32768
        unsafe self[unchecked: index] = UInt8(truncatingIfNeeded: mixed &>> 16)
      }
    }
  }
}
