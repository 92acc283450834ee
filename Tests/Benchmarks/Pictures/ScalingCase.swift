import Drawing

/// A picture to scale, and how often.
struct ScalingCase {
  private let picture: Upload
  private let size: PictureSize
  private let runs: Int

  /// Reads `scale 1024x1024 2048x2048 RGB 5`, or `RGBA` in place of RGB.
  init?(_ line: String) {
    let words = line.split(separator: " ")
    guard words.count == 5, words[0] == "scale", let old = PictureSize(words[1]), let size = PictureSize(words[2]),
      ["RGB", "RGBA"].contains(words[3]), let runs = Int(words[4])
    else { return nil }
    (self.size, self.runs) = (size, runs)
    // Any pixels take the same time, except for transparent ones among opaque ones.
    let isOpaque = words[3] == "RGB"
    let pixels = (0..<4 * old.width * old.height).map { isOpaque && $0 % 4 == 3 ? 255 : UInt8(truncatingIfNeeded: 255 - $0 * 31 % 200) }
    picture = Upload(width: old.width, height: old.height, pixels: pixels, isOpaque: isOpaque)
  }

  /// Milliseconds of each run.
  func times() -> [Double] {
    let clock = ContinuousClock()
    return (0..<runs).map { _ in
      clock.measure { _ = picture.scaledRows(width: size.width, height: size.height, hasAlpha: !picture.isOpaque) } / .milliseconds(1)
    }
  }
}
