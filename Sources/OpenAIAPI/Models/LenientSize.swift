package import Drawing

/// The sizes that image servers of other kinds take, for clients that were made for them: sides in pixels, one side of a square, an aspect
/// ratio, or a resolution.
package enum LenientSize {
  /// The allowed values, to complete the sentence "allowed: …".
  package static let allowed =
    "WIDTHxHEIGHT such as 1792x1024 with sides from 64 to 3840 and at most 8294400 pixels, a single number for a square, an aspect ratio "
    + "such as 16:9, 1K, 2K, 4K or auto"

  static let rule =
    "Supported sizes are \(SizeRule.any.named.joined(separator: ", ")), auto, any other WIDTHxHEIGHT with sides from 64 to 3840 and at most "
    + "8294400 pixels, a single number for a square, aspect ratios such as 16:9, and 1K, 2K and 4K."

  private static let sides = 64...3840
  private static let mostPixels = 8_294_400

  /// - Returns: nil if the text is no size, or one that is too small or too large.
  package static func size(_ text: String) -> PictureSize? {
    let text = String(decoding: text.lowercased().utf8.filter { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    switch text {
    case "auto", "1k": return .square1024
    case "2k": return PictureSize(width: 2048, height: 2048)
    // 4096 pixels are longer than any side may be; this is the largest square.
    case "4k": return PictureSize(width: 2880, height: 2880)
    default: break
    }
    if let side = number(text[...]) { return size(ofSides: side, side) }
    if let (width, height) = numbers(text, separatedBy: ["x", "*", "×"]) { return size(ofSides: width, height) }
    return numbers(text, separatedBy: [":"]).flatMap(size(ofRatio:_:))
  }

  private static func size(ofSides width: Int, _ height: Int) -> PictureSize? {
    guard sides.contains(width), sides.contains(height), width * height <= mostPixels else { return nil }
    return PictureSize(width: width, height: height)
  }

  /// About a megapixel, with sides that are multiples of 16.
  private static func size(ofRatio width: Int, _ height: Int) -> PictureSize? {
    guard (1...100).contains(width), (1...100).contains(height) else { return nil }
    let ratio = (Double(width) / Double(height)).squareRoot()
    let (wide, high) = (Int((64 * ratio).rounded()) * 16, Int((64 / ratio).rounded()) * 16)
    guard sides.contains(wide), sides.contains(high) else { return nil }
    return PictureSize(width: wide, height: high)
  }

  private static func numbers(_ text: String, separatedBy separators: [Unicode.Scalar]) -> (Int, Int)? {
    let parts = text.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: separators.contains).map { Substring($0) }
    guard parts.count == 2, let first = number(parts[0]), let second = number(parts[1]) else { return nil }
    return (first, second)
  }

  private static func number(_ digits: Substring) -> Int? {
    guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(digits)
  }
}
