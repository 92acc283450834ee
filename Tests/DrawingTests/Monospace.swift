@testable import Drawing

/// A typeface in which every letter is one em wide and its scalar is its glyph, so that tests can count lengths and read letters.
final class Monospace: Typeface {
  let (ascent, descent, capHeight, blank): (Float, Float, Float, Float) = (0.8, 0.2, 0.7, 1)
  let hasColours = false
  let largestSize = Int.max
  let glyphCost = 1

  func covers(_ scalar: UInt32) -> Bool { true }

  /// Mirrors brackets that are read from right to left, as HarfBuzz does, and leaves out invisible characters.
  func shape(_ run: TextRun, of scalars: [UInt32], into text: inout ShapedText) {
    for index in run.scalars {
      guard let scalar = Unicode.Scalar(scalars[index]) else { continue }
      text.beginCluster(at: index, of: run, isBlank: scalar == " ")
      if scalar.properties.isDefaultIgnorableCodePoint { continue }
      let mirrored = run.isRightToLeft ? Self.mirrored[scalar] ?? scalar : scalar
      text.append(glyph: mirrored.value, of: run.face, x: 0, y: 0, advance: 1)
    }
  }

  func extent(of glyph: UInt32) -> ClosedRange<Float> { -0.2...0.8 }
  func rasterise(_ glyph: UInt32, pixelSize: Int, shift: Float) -> Glyph { .empty }

  private static let mirrored: [Unicode.Scalar: Unicode.Scalar] = ["(": ")", ")": "(", "[": "]", "]": "["]
}
