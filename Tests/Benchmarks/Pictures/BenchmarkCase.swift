import Drawing

/// A size and a quality, and the pictures that stand for them.
struct BenchmarkCase {
  let size: PictureSize
  let quality: Quality

  /// Reads `1024x1024 hd`.
  init?(_ line: String) {
    let words = line.split(separator: " ")
    guard words.count == 2, let size = PictureSize(words[0]), let quality = Quality(rawValue: String(words[1])) else { return nil }
    self.size = size
    self.quality = quality
  }

  /// For hd, each gradient with each pattern, because some cost ten times as much as others; for standard, one picture.
  func placeholders(prompt: String, model: String) -> [Placeholder] {
    let description = PictureDescription(prompt: prompt, model: model, size: size, quality: quality)
    let placeholder = Placeholder(description, timestamp: "2026-01-01 00:00:00")
    guard case .gradient(let gradient) = placeholder.background else { return [placeholder] }
    return Gradient.Direction.allCases.flatMap { direction in
      Pattern.allCases.map { pattern in
        var variant = placeholder
        variant.background = .gradient(Gradient(from: gradient.first, to: gradient.second, direction))
        variant.pattern = pattern
        return variant
      }
    }
  }
}
