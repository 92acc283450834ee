/// Where things go on a picture of a size, in pixels. All measures follow the shorter side.
struct Layout: Sendable {
  /// What no text leaves.
  let safe: Box
  /// What the prompt's panel does not leave.
  let panel: Box
  /// Where the prompt goes, and the sizes it may have.
  let prompt: Box
  let promptSizes: ClosedRange<Int>
  /// Where the watermark goes; empty on a picture that has no room for both.
  let watermark: Box
  let watermarkSize: Int
  /// Around text on a panel.
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
