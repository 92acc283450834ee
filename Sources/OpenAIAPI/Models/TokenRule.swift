import Drawing

/// The number of tokens per image. Two formulas reproduce every number that OpenAI has published, and interpolate between them.
enum TokenRule: Sendable {
  /// gpt-image-1: one token for each patch of the image, and one more for each row of patches. A patch is a square of 64, 32 or 16 pixels
  /// in low, medium and high quality: 272, 1056 and 4160 tokens at 1024x1024.
  case patches
  /// gpt-image-2: a grid with 16, 48 or 96 cells along the longer side and as many as fit along the shorter one, each cell costing
  /// 0.5 tokens and as much again for every 2,000,000 pixels of the image: 196, 1756 and 7024 at 1024x1024.
  case grid

  /// Pixels per side of a patch, and cells along the longer side. The numbers for `xhigh` and `max` are not published; these are made up.
  private static let resolutions: [(quality: String, patch: Int, cells: Int)] = [
    ("low", 64, 16), ("medium", 32, 48), ("high", 16, 96), ("xhigh", 16, 128), ("max", 16, 192),
  ]

  /// Tokens of one image.
  ///
  /// - Parameter quality: as in the response, so never `auto`.
  func tokens(_ size: PictureSize, quality: String) -> Int {
    let resolution = Self.resolutions.first { $0.quality == quality } ?? Self.resolutions[1]
    switch self {
    case .patches:
      let (columns, rows) = (Self.up(size.width, resolution.patch), Self.up(size.height, resolution.patch))
      return columns * rows + rows
    case .grid:
      let (long, short) = (max(size.width, size.height), min(size.width, size.height))
      let cells = resolution.cells * ((2 * resolution.cells * short + long) / (2 * long))
      return Self.up(cells * (2_000_000 + size.width * size.height), 4_000_000)
    }
  }

  /// Tokens of each partial image of a stream.
  static let partialImage = 100
  /// Tokens of an input image: those of one JPEG with gpt-image-2.
  static let inputImage = 512

  /// Tokens of a text: one per four bytes of UTF-8, about the average of English.
  static func tokens(_ text: String) -> Int { up(text.utf8.count, 4) }

  private static func up(_ dividend: Int, _ divisor: Int) -> Int { (dividend + divisor - 1) / divisor }
}
