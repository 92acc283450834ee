import Glibc

/// The places of everything on a picture of a given size, in pixels. All measures are proportional to the shorter side.
struct Layout: Sendable {
  /// The area that contains all text, and the pattern of a transparent picture.
  let safe: Box
  /// The area for the prompt, the row on which its lines are centred if they can be, and the sizes that its letters may have.
  private(set) var prompt: Box
  private(set) var promptMiddle: Int
  private(set) var promptSizes: ClosedRange<Int>
  /// The area whose right and lower edges the watermark touches; empty on a picture that has no room for it beside the prompt.
  let watermark: Box
  let watermarkSize: Int
  /// The height of the foot of a plain picture, in which the watermark stands.
  var footHeight: Int {
    let distance = safe.rows.upperBound + safe.rows.lowerBound - watermark.rows.upperBound
    return watermark.height > 0 ? watermarkSize + 2 * distance : 0
  }
  /// The corner radius of the field in which a transparent picture has its pattern.
  var safeRadius: Int { min(safe.width, safe.height) / 8 }
  /// The space between text and the edges of its label, on a transparent picture.
  let padding: Int
  let patternUnit: Int

  init(_ size: PictureSize) {
    let short = min(size.width, size.height)
    let edge = max(1, short / 40)
    let margin = max(edge, short / 12)
    safe = Box(left: edge, top: edge, right: size.width - edge, bottom: size.height - edge)
    padding = max(3, short / 26)
    patternUnit = max(4, short / 32)

    watermarkSize = min(max(9, short / 46), 40)
    let line = watermarkSize * 3 / 2
    let hasWatermark = size.height >= 4 * line && size.width >= 13 * watermarkSize
    let corner = max(edge, short / 26)
    let bottom = size.height - corner
    watermark = Box(left: corner, top: hasWatermark ? bottom - line : bottom, right: size.width - corner, bottom: bottom)

    let lowest = hasWatermark ? min(size.height - margin, watermark.rows.lowerBound - margin / 4) : size.height - edge - 1
    prompt = Box(left: margin, top: hasWatermark ? margin : edge + 1, right: size.width - margin, bottom: lowest)
    promptMiddle = size.height / 2
    let smallest = max(min(9, prompt.height * 3 / 4), 5)
    promptSizes = max(smallest, short / 44)...max(smallest, Self.titleSize(size), min(prompt.height / 2, 24))
  }

  /// Pixels per em of a title of one line that fills a picture: a seventh of the shorter side, and more of it if the other is over twice as long.
  private static func titleSize(_ size: PictureSize) -> Int {
    let (short, long) = (Float(min(size.width, size.height)), Float(max(size.width, size.height)))
    return Int((0.15 * short * powf(max(long / short / 2, 1), 0.6)).rounded())
  }
}

extension Layout {
  /// The layout of a picture that shows uploads: they take the upper or left part, and the prompt the rest, so that it covers none of them.
  ///
  /// - Parameter hasPrompt: if not, the uploads take all of the picture.
  /// - Returns: the layout and the area of the uploads.
  static func besideUploads(_ size: PictureSize, hasPrompt: Bool) -> (layout: Layout, uploads: Box) {
    var layout = Layout(size)
    let margin = max(layout.safe.columns.lowerBound, size.width - layout.watermark.columns.upperBound)
    let lowest = layout.watermark.rows.lowerBound - (layout.watermark.height > 0 ? margin / 3 : margin)
    let whole = Box(left: margin, top: margin, right: size.width - margin, bottom: max(lowest, margin + 1))
    guard hasPrompt else { return (layout, whole) }
    let isWide = 4 * size.width >= 5 * size.height
    let (width, height) = (isWide ? whole.width * 3 / 5 : whole.width, isWide ? whole.height : whole.height * 7 / 10)
    let uploads = Box(left: margin, top: margin, right: margin + width, bottom: margin + height)
    let rest =
      isWide
      ? Box(left: uploads.columns.upperBound + margin, top: margin, right: size.width - margin, bottom: whole.rows.upperBound)
      : Box(left: margin, top: uploads.rows.upperBound + margin / 2, right: size.width - margin, bottom: whole.rows.upperBound)
    layout.prompt = rest
    layout.promptMiddle = (rest.rows.lowerBound + rest.rows.upperBound) / 2
    let smallest = min(layout.promptSizes.lowerBound, max(rest.height * 3 / 4, 5))
    layout.promptSizes = smallest...max(smallest, min(layout.promptSizes.upperBound / 2, rest.height / 2))
    return (layout, uploads)
  }

  var promptArea: TextArea { TextArea(width: prompt.width, height: prompt.height, smallest: promptSizes.lowerBound) }
}

/// The room for a text, in pixels.
struct TextArea {
  let width: Int
  let height: Int
  /// The smallest size of its letters.
  let smallest: Int

  /// The most scalars of a text that can fit, as narrow as the letter i and at the smallest size. No more of a long text is shaped.
  var scalarLimit: Int { Int(capacity / 0.25) + 1 }

  /// The most glyphs that a text may need drawn: fewer on the largest pictures, where each takes longer.
  var glyphLimit: Int { ShapingWork.usualLimit * 32 / max(smallest, 32) }

  /// The length of a text, in ems, that fills the area at the smallest size without a gap between lines. A longer text does not fit.
  var capacity: Float { Float(width) / Float(smallest) * (Float(height) / Float(smallest)) }
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

  /// The smallest box around both.
  func union(_ other: Box) -> Box {
    Box(
      left: min(columns.lowerBound, other.columns.lowerBound), top: min(rows.lowerBound, other.rows.lowerBound),
      right: max(columns.upperBound, other.columns.upperBound), bottom: max(rows.upperBound, other.rows.upperBound))
  }

  func moved(x: Int, y: Int) -> Box {
    Box(left: columns.lowerBound + x, top: rows.lowerBound + y, right: columns.upperBound + x, bottom: rows.upperBound + y)
  }

  func overlaps(_ other: Box) -> Bool {
    columns.overlaps(other.columns) && rows.overlaps(other.rows)
  }
}
