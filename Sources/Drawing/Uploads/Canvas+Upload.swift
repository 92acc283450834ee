extension Canvas {
  /// Draws an upload on the canvas, stretched to a box.
  ///
  /// - Parameter change: takes a premultiplied pixel of the upload and the share of it that the mask keeps, 0 to 1 (0 without a mask), and
  ///   returns the premultiplied pixel to blend over the canvas.
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
  /// Blends a premultiplied colour over a pixel.
  @inline(__always) fileprivate mutating func lay(_ pixel: SIMD4<Float>, at offset: Int) {
    let under = SIMD4(Float(self[offset]), Float(self[offset + 1]), Float(self[offset + 2]), 0)
    let mixed = (pixel * 255 + under * (1 - pixel.w)).clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255)) + 0.5
    (self[offset], self[offset + 1], self[offset + 2]) = (UInt8(mixed.x), UInt8(mixed.y), UInt8(mixed.z))
  }
}

/// The places of several uploads on one picture: in the cells of a grid, each as a whole and as large as its cell allows.
struct UploadGrid {
  private let size: PictureSize
  private let columns: Int
  private let rows: Int
  private let gap: Int

  /// - Parameter count: at least 1.
  init(count: Int, on size: PictureSize) {
    // The number of columns with which cells are most like squares.
    let candidates = (1...count).map { columns in
      let rows = (count + columns - 1) / columns
      let (width, height) = (Float(size.width) / Float(columns), Float(size.height) / Float(rows))
      return (columns: columns, rows: rows, worth: min(width, height))
    }
    let best = candidates.max { $0.worth < $1.worth }
    self.size = size
    (columns, rows) = (best?.columns ?? 1, best?.rows ?? 1)
    gap = count == 1 ? 0 : max(1, min(size.width, size.height) / 64)
  }

  /// The place of an upload: the middle of its cell, in its own proportions.
  func place(_ index: Int, width: Int, height: Int) -> Box {
    let (column, row) = (index % columns, index / columns)
    let left = size.width * column / columns + gap
    let top = size.height * row / rows + gap
    let cellWidth = max(size.width * (column + 1) / columns - gap - left, 1)
    let cellHeight = max(size.height * (row + 1) / rows - gap - top, 1)
    let scale = min(Float(cellWidth) / Float(width), Float(cellHeight) / Float(height))
    let fitted = (width: max(Int(Float(width) * scale + 0.5), 1), height: max(Int(Float(height) * scale + 0.5), 1))
    let x = left + (cellWidth - fitted.width) / 2
    let y = top + (cellHeight - fitted.height) / 2
    return Box(left: x, top: y, right: x + min(fitted.width, cellWidth), bottom: y + min(fitted.height, cellHeight))
      .intersection(Box(left: 0, top: 0, right: size.width, bottom: size.height))
  }
}
