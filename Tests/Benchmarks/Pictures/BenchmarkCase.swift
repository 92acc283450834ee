import Drawing

/// A request, and the pictures that stand for it.
struct BenchmarkCase {
  let description: PictureDescription

  /// Reads `1024x1024 hd dall-e-3 A serene lake`.
  init?(_ line: String) {
    let words = line.split(separator: " ", maxSplits: 3)
    guard words.count == 4, let size = PictureSize(words[0]), let quality = Quality(rawValue: String(words[1])) else { return nil }
    description = PictureDescription(prompt: String(words[3]), model: String(words[2]), size: size, quality: quality)
  }

  /// For hd, each gradient with each pattern that a picture has without naming one, because some cost ten times as much as others, and each in other colours, because the
  /// further apart they are, the more shades lie between them; for standard, one picture.
  var placeholders: [Placeholder] {
    let placeholder = Placeholder(description, timestamp: "2026-01-01 00:00:00")
    guard case .gradient = placeholder.background else { return [placeholder] }
    let kinds = Gradient.Direction.allCases.flatMap { direction in Pattern.usual.map { (direction, $0) } }
    return kinds.enumerated().map { index, kind in
      let (direction, pattern) = kind
      var variant = placeholder
      variant.background = .gradient(Scheme.gradient(index, of: description.style, direction))
      variant.pattern = pattern
      return variant
    }
  }
}
