/// The width and height of an image in pixels.
public struct PictureSize: Sendable, Hashable {
  public let width: Int
  public let height: Int

  /// - Parameters: the sides in pixels, each from 1 to ``maximumSide``. Other values return nil.
  public init?(width: Int, height: Int) {
    guard (1...Self.maximumSide).contains(width), (1...Self.maximumSide).contains(height) else { return nil }
    self.width = width
    self.height = height
  }

  /// Parses `WIDTHxHEIGHT`: decimal digits without sign, space or leading zero around a lower-case x.
  public init?(_ text: some StringProtocol) {
    let sides = text.utf8.split(separator: UInt8(ascii: "x"), omittingEmptySubsequences: false)
    guard sides.count == 2, let width = Self.side(sides[0]), let height = Self.side(sides[1]) else { return nil }
    self.init(width: width, height: height)
  }

  /// The longest side of any image in the API (gpt-image-2).
  public static let maximumSide = 3840

  private static func side(_ digits: some Collection<UInt8>) -> Int? {
    guard (1...4).contains(digits.count), digits.first != UInt8(ascii: "0") else { return nil }
    return digits.reduce(into: Int?.some(0)) { value, digit in
      value = (48...57).contains(digit) ? value.map { $0 * 10 + Int(digit - 48) } : nil
    }
  }
}

extension PictureSize: CustomStringConvertible {
  public var description: String { "\(width)x\(height)" }
}
