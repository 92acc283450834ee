import CFreeType

extension Font {
  /// Draws an outline that FreeType loaded.
  ///
  /// - Parameter shift: pixels to the right.
  func rasterise(_ outline: FT_Outline, shift: Float) -> Glyph {
    var (outline, box) = unsafe (outline, FT_BBox())
    unsafe FT_Outline_Translate(&outline, FT_Pos(shift * 64), 0)
    unsafe FT_Outline_Get_CBox(&outline, &box)
    // The box is in 64ths of a pixel, and y grows upwards.
    let (left, top) = (box.xMin >> 6, (box.yMax + 63) >> 6)
    let (width, height) = ((box.xMax + 63) >> 6 - left, top - box.yMin >> 6)
    guard width > 0, height > 0, width <= Self.longestSide, height <= Self.longestSide else { return .empty }
    var drawing = Drawing(coverage: OutlineCoverage(), left: left, top: top)
    swap(&drawing.coverage, &coverage)
    defer { swap(&drawing.coverage, &coverage) }
    drawing.coverage.begin(width: width, height: height)
    var steps = unsafe FT_Outline_Funcs(
      move_to: { point, drawing in unsafe Drawing.at(drawing) { drawing in unsafe drawing.coverage.move(to: drawing.place(point)) } },
      line_to: { point, drawing in unsafe Drawing.at(drawing) { drawing in unsafe drawing.coverage.addLine(to: drawing.place(point)) } },
      conic_to: { control, point, drawing in
        unsafe Drawing.at(drawing) { drawing in
          unsafe drawing.coverage.addQuadratic(drawing.place(control), to: drawing.place(point))
        }
      },
      cubic_to: { first, second, point, drawing in
        unsafe Drawing.at(drawing) { drawing in
          unsafe drawing.coverage.addCubic(drawing.place(first), drawing.place(second), to: drawing.place(point))
        }
      }, shift: 0, delta: 0)
    // The edges of large letters are a smaller part of them, and need fewer shades to look smooth.
    let shades = pixelSize < Self.largePixelSize ? 32 : pixelSize < Self.largestPixelSize ? 8 : 5
    let code = unsafe withUnsafeMutablePointer(to: &drawing) { drawing in unsafe FT_Outline_Decompose(&outline, &steps, drawing) }
    guard code == 0 else { return .empty }
    return drawing.coverage.finish { coverage in Glyph(left: left, top: top, width: width, coverage: coverage, shades: shades) }
  }

  private static let largePixelSize = 56
  private static let largestPixelSize = 112
  /// The longest side of a glyph, in pixels: more than the largest letters of the largest picture need. A damaged font may ask for more.
  private static let longestSide = 4096

  /// The state that FreeType passes from step to step.
  private struct Drawing {
    var coverage: OutlineCoverage
    var left: Int
    var top: Int

    func place(_ point: UnsafePointer<FT_Vector>?) -> SIMD2<Float> {
      guard let point = unsafe point?.pointee else { return .zero }
      return SIMD2(Float(point.x) / 64 - Float(left), Float(top) - Float(point.y) / 64)
    }

    /// - Returns: 0, so that FreeType continues.
    static func at(_ drawing: UnsafeMutableRawPointer?, _ step: (inout Drawing) -> Void) -> CInt {
      guard let drawing = unsafe drawing?.assumingMemoryBound(to: Drawing.self) else { return 1 }
      unsafe step(&drawing.pointee)
      return 0
    }
  }
}
