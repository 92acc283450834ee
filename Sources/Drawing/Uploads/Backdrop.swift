/// What lies behind uploads: the first one once more, so large that it covers the picture, blurred and darkened for light text.
struct Backdrop {
  /// A few pixels in the picture's proportions. Stretched to the picture they are blurred.
  private let pixels: Upload

  init(of upload: Upload, on size: PictureSize) {
    // The upload is made small enough that neither side of the picture has more than a few of its pixels, and is cut to the picture's
    // proportions.
    let scale = max(Float(size.width) / Float(upload.width), Float(size.height) / Float(upload.height))
    let step = Float(max(size.width, size.height)) / Self.mostPixels
    func small(_ side: Float) -> Int { max(Int((side / step).rounded()), 1) }
    let (width, height) = (small(Float(size.width)), small(Float(size.height)))
    let (wholeWidth, wholeHeight) = (max(small(Float(upload.width) * scale), width), max(small(Float(upload.height) * scale), height))
    // A long and narrow upload would have far more pixels than are seen.
    guard wholeWidth <= Self.mostWholePixels, wholeHeight <= Self.mostWholePixels else {
      self.init(Self.grid(of: upload, width: width, height: height, left: 0, top: 0, wholeWidth: width, wholeHeight: height))
      return
    }
    let (left, top) = ((wholeWidth - width) / 2, (wholeHeight - height) / 2)
    self.init(Self.grid(of: upload, width: width, height: height, left: left, top: top, wholeWidth: wholeWidth, wholeHeight: wholeHeight))
  }

  private init(_ grid: Grid) { pixels = grid.blurred().blurred().upload }

  private static let mostPixels: Float = 24
  private static let mostWholePixels = 2048
  /// The share of the upload's light that is left: light text is readable on what was white.
  private static let brightness: Float = 0.4

  private static func grid(of upload: Upload, width: Int, height: Int, left: Int, top: Int, wholeWidth: Int, wholeHeight: Int) -> Grid {
    var rows = ScaledRows(upload, width: wholeWidth, height: wholeHeight)
    let pixels = (top..<top + height).flatMap { y in
      let row = rows.row(y)
      return (left..<left + width).map { row[$0] }
    }
    return Grid(width: width, height: height, pixels: pixels)
  }

  /// Pixels, premultiplied.
  private struct Grid {
    let width: Int
    let height: Int
    var pixels: [SIMD4<Float>]

    /// Each pixel mixed with its neighbours.
    func blurred() -> Grid {
      var grid = self
      for y in 0..<height {
        for x in 0..<width {
          var sum = SIMD4<Float>.zero
          for (down, weight) in [(-1, Float(1)), (0, 2), (1, 1)] {
            let row = min(max(y + down, 0), height - 1) * width
            sum += weight * (pixels[row + max(x - 1, 0)] + 2 * pixels[row + x] + pixels[row + min(x + 1, width - 1)])
          }
          grid.pixels[y * width + x] = sum / 16
        }
      }
      return grid
    }

    var upload: Upload {
      Upload(
        width: width, height: height,
        pixels: pixels.flatMap { pixel in
          let colour = pixel / max(pixel.w, 1e-3)
          return [colour.x, colour.y, colour.z, pixel.w].map { UInt8((min(max($0, 0), 1) * 255).rounded()) }
        })
    }
  }

  /// Draws the backdrop on a canvas.
  ///
  /// - Parameters:
  ///   - hole: a part of the canvas that is left as it is.
  ///   - change: changes a premultiplied pixel before it is darkened.
  func draw(on canvas: inout Canvas, around hole: Box? = nil, change: (SIMD4<Float>) -> SIMD4<Float> = { $0 }) {
    let whole = Box(left: 0, top: 0, right: canvas.size.width, bottom: canvas.size.height)
    canvas.lay(pixels, in: whole, around: hole) { pixel, _ in
      // Where the upload is transparent, the backdrop is black.
      var dark = change(pixel) * Self.brightness
      dark.w = 1
      return dark
    }
  }
}
