/// The typeface for machines without fonts: printable ASCII, drawn with a round pen. Letters lose their diacritics, and a character that
/// resembles nothing in ASCII becomes an empty box.
final class BuiltInAlphabet: Typeface {
  let ascent: Float = 0.9
  let descent: Float = 0.27
  let capHeight: Float = 0.74
  let blank: Float = 0.4

  let hasColours = false
  let largestSize = Int.max
  let glyphCost = 1

  func covers(_ scalar: UInt32) -> Bool {
    guard let scalar = Unicode.Scalar(scalar) else { return false }
    return scalar == " " || Self.isMark(scalar) || Self.isControl(scalar) || Self.likeness(of: scalar) != "\u{FFFD}"
  }

  func shape(_ run: TextRun, of scalars: [UInt32], into text: inout ShapedText) {
    for index in run.scalars {
      guard let scalar = Unicode.Scalar(scalars[index]), !Self.isMark(scalar) else { continue }
      text.beginCluster(at: index, of: run, isBlank: scalar == " ")
      if scalar == " " {
        text.widenCluster(by: blank)
      } else if !Self.isControl(scalar) {
        let glyph = Self.likeness(of: scalar)
        let advance = (Self.pen(for: glyph).width + 2 * Self.bearing) / Self.unitsPerEm
        text.append(glyph: glyph.value, of: run.face, x: 0, y: 0, advance: advance)
      }
    }
  }

  func extent(of glyph: UInt32) -> ClosedRange<Float> { -descent...ascent }

  func rasterise(_ glyph: UInt32, pixelSize: Int, shift: Float) -> Glyph {
    guard let scalar = Unicode.Scalar(glyph) else { return .empty }
    let pen = Self.pen(for: scalar)
    let unit = Float(pixelSize) / Self.unitsPerEm
    let width = Int(((pen.width + 2 * Self.bearing) * unit + shift).rounded(.up)) + 1
    let top = Int((Self.rise * unit).rounded(.up))
    let height = top + Int((Self.fall * unit).rounded(.up))
    let coverage = (0..<width * height).map { pixel in
      let (x, y) = (Float(pixel % width), Float(pixel / width))
      let point = SIMD2((x + 0.5 - shift) / unit - Self.bearing, Self.baseline + (Float(top) - y - 0.5) / unit)
      let distance = pen.distance(to: point) - Self.penRadius
      return UInt8(min(max(0.5 - distance * unit, 0), 1) * 255 + 0.5)
    }
    return Glyph(left: 0, top: top, width: width, coverage: coverage.span)
  }

  /// The grid that the strokes are written on, in its own units.
  private static let unitsPerEm: Float = 10
  private static let baseline: Float = 2
  private static let penRadius: Float = 0.44
  private static let bearing: Float = 0.95
  private static let rise: Float = 9
  private static let fall: Float = 2.6
}

extension BuiltInAlphabet {
  /// The glyph that comes closest to a character; U+FFFD if none does.
  private static func likeness(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    if pens[scalar] != nil { return scalar }
    if let plain = plain[scalar] { return plain }
    return (0xC0..<0xC0 + UInt32(folded.count)).contains(scalar.value) ? folded[Int(scalar.value - 0xC0)] : "\u{FFFD}"
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0xFF && [.nonspacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x7F && scalar.properties.isDefaultIgnorableCodePoint
  }

  private static func pen(for scalar: Unicode.Scalar) -> Pen { pens[scalar] ?? substitutePen }

  private static let pens = strokes.mapValues(Pen.init(strokes:))
  private static let substitutePen = Pen(strokes: substitute)
}

/// The moves of a pen that draws a glyph, on the grid of the built-in alphabet.
struct Pen: Sendable {
  /// Straight moves; a move that ends where it starts is a dot.
  private let segments: [Segment]
  /// The distance from the left edge of the grid to the rightmost point.
  let width: Float

  private struct Segment {
    let start: SIMD2<Float>
    let way: SIMD2<Float>
    /// One by the squared length; 0 for a dot.
    let inverse: Float
  }

  /// - Parameter strokes: strokes in the format of ``BuiltInAlphabet/strokes``.
  init(strokes: String) {
    var segments: [Segment] = []
    var width: Float = 0
    for stroke in strokes.split(separator: " ") {
      let digits = stroke.compactMap(\.hexDigitValue).map(Float.init)
      let points = stride(from: 0, to: digits.count - 1, by: 2).map { SIMD2(digits[$0], digits[$0 + 1]) }
      width = points.reduce(width) { max($0, $1.x) }
      for (start, end) in zip(points, points.dropFirst()) {
        let (way, length) = (end - start, ((end - start) * (end - start)).sum())
        segments.append(Segment(start: start, way: way, inverse: length > 0 ? 1 / length : 0))
      }
    }
    self.segments = segments
    self.width = width
  }

  /// The distance to the nearest point that the middle of the pen passes.
  func distance(to point: SIMD2<Float>) -> Float {
    let nearest = segments.reduce(Float.infinity) { nearest, segment in
      let offset = point - segment.start
      let share = min(max((segment.way * offset).sum() * segment.inverse, 0), 1)
      let gap = offset - segment.way * share
      return min(nearest, (gap * gap).sum())
    }
    return nearest.squareRoot()
  }
}
