/// The places of everything on a picture of a given size, in pixels. All measures are proportional to the shorter side.
struct Layout: Sendable {
  /// The area that contains all text, and the pattern of a transparent picture.
  let safe: Box
  /// The corner radius of a transparent picture's pattern.
  var safeRadius: Int { min(safe.width, safe.height) / 8 }
  /// The area that contains the prompt's panel.
  let panel: Box
  /// The area for the prompt, and the sizes that its letters may have.
  let prompt: Box
  let promptSizes: ClosedRange<Int>
  /// The area for the watermark; empty on a picture that has no room for both.
  let watermark: Box
  let watermarkSize: Int
  /// The space between text and the edges of its panel.
  let padding: Int
  let patternUnit: Int

  init(_ size: PictureSize) {
    let short = min(size.width, size.height)
    let edge = max(1, short / 40)
    let margin = max(edge, short / 12)
    safe = Box(left: edge, top: edge, right: size.width - edge, bottom: size.height - edge)
    padding = max(3, short / 28)
    patternUnit = max(4, short / 32)

    watermarkSize = min(max(9, short / 46), 40)
    let line = watermarkSize * 3 / 2
    let hasWatermark = size.height >= 4 * line && size.width >= 13 * watermarkSize
    let bottom = size.height - edge
    watermark = Box(
      left: edge + margin / 4, top: hasWatermark ? bottom - line : bottom, right: size.width - edge - margin / 4, bottom: bottom)

    panel = Box(left: edge, top: edge, right: size.width - edge, bottom: watermark.rows.lowerBound - (hasWatermark ? edge / 2 : 0))
    let lowest = hasWatermark ? min(size.height - margin, watermark.rows.lowerBound - margin / 3) : size.height - edge - 1
    prompt = Box(left: margin, top: hasWatermark ? margin : edge + 1, right: size.width - margin, bottom: lowest)
    let smallest = max(min(9, prompt.height * 3 / 4), 5)
    promptSizes = max(smallest, short / 44)...max(smallest, short / 13, min(prompt.height / 2, 24))
  }
}

extension Layout {
  /// The most scalars of a prompt that can fit, as narrow as the letter i and at the smallest size. No more of a long prompt is shaped.
  var promptLimit: Int { Int(promptCapacity / 0.25) + 1 }

  /// The most glyphs that a prompt may need drawn: fewer on the largest pictures, where each takes longer.
  var glyphLimit: Int { ShapingWork.usualLimit * 32 / max(promptSizes.lowerBound, 32) }

  /// The length of a text, in ems, that fills the prompt's area at the smallest size without a gap between lines. A longer text does not
  /// fit.
  var promptCapacity: Float {
    let size = Float(promptSizes.lowerBound)
    return Float(prompt.width) / size * (Float(prompt.height) / size)
  }
}

/// A rectangle of whole pixels with sides parallel to the picture's, possibly empty.
struct Box: Sendable, Hashable {
  let columns: Range<Int>
  let rows: Range<Int>

  var width: Int { columns.count }
  var height: Int { rows.count }

  /// - Parameters: the edges in pixels; an end before its start makes the box empty.
  init(left: Int, top: Int, right: Int, bottom: Int) {
    columns = left..<max(left, right)
    rows = top..<max(top, bottom)
  }

  func intersection(_ other: Box) -> Box {
    let (columns, rows) = (columns.clamped(to: other.columns), rows.clamped(to: other.rows))
    return Box(left: columns.lowerBound, top: rows.lowerBound, right: columns.upperBound, bottom: rows.upperBound)
  }

  /// The box grown by some pixels at every edge.
  func grown(by pixels: Int) -> Box {
    Box(
      left: columns.lowerBound - pixels, top: rows.lowerBound - pixels, right: columns.upperBound + pixels,
      bottom: rows.upperBound + pixels)
  }

  func overlaps(_ other: Box) -> Bool {
    columns.overlaps(other.columns) && rows.overlaps(other.rows)
  }
}
