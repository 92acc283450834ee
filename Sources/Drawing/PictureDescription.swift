import Hashing

/// All values that determine a picture: equal descriptions draw equal pictures.
package struct PictureDescription: Sendable, Hashable {
  package var prompt: String
  package var model: String
  package var size: PictureSize
  package var quality: Quality
  package var style: Style
  /// The index of this image among the images of one request, from 0.
  package var index: Int
  package var seed: UInt64
  /// Whether the background is left out behind text and pattern. The picture then has an alpha channel.
  package var isTransparent: Bool
  /// How far drawing has come, for pictures that are shown before they are finished. The stage does not change any colour or place.
  package var stage = RenderStage.finished
  /// The pattern on the background, also in standard quality; nil for the usual one, which hd chooses and standard does not have. It
  /// changes no colour.
  package var pattern: Pattern?
  /// The name of the template that the picture is drawn by, for its metadata only; nil for none.
  package var template: String?

  package init(
    prompt: String, model: String, size: PictureSize, quality: Quality = .standard, style: Style = .vivid, index: Int = 0,
    seed: UInt64 = 0, isTransparent: Bool = false
  ) {
    self.prompt = prompt
    self.model = model
    self.size = size
    self.quality = quality
    self.style = style
    self.index = index
    self.seed = seed
    self.isTransparent = isTransparent
  }
}

extension PictureDescription {
  /// The seed of a request: FNV-1a (64 bits) over all fields but the index. The images of one request share it, so that they take different
  /// places in one order of colours.
  var requestSeed: UInt64 {
    var hash = FNV1a()
    hash.combine(prompt)
    hash.combine(model)
    hash.combine(size.description)
    hash.combine(quality.rawValue)
    hash.combine(style.rawValue)
    hash.combine(seed)
    // Only if transparent, so that opaque pictures stay as they were before transparency existed.
    if isTransparent { hash.combine("transparent") }
    return hash.value
  }
}

/// Width and height of a picture in pixels.
public struct PictureSize: Sendable, Hashable {
  public let width: Int
  public let height: Int

  /// Returns nil if a side is not in 1 to ``maximumSide``.
  public init?(width: Int, height: Int) {
    guard (1...Self.maximumSide).contains(width), (1...Self.maximumSide).contains(height) else { return nil }
    self.width = width
    self.height = height
  }

  /// Parses `WIDTHxHEIGHT`: decimal digits without sign, blank or leading zero around a lower-case x.
  public init?(_ text: some StringProtocol) {
    let sides = text.utf8.split(separator: UInt8(ascii: "x"), omittingEmptySubsequences: false)
    guard sides.count == 2, let width = Self.side(sides[0]), let height = Self.side(sides[1]) else { return nil }
    self.init(width: width, height: height)
  }

  /// The longest side of any picture: that of an upscale of 1024 pixels by 4. The longest of a model is 3840 (gpt-image-2).
  public static let maximumSide = 4096

  /// 1024x1024, which is every model's usual size.
  public static let square1024 = PictureSize(width: 1024, height: 1024)!

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

/// The amount of detail: `standard` is one solid colour, `hd` is a gradient with a pattern.
public enum Quality: String, Sendable, Hashable, CaseIterable {
  case standard, hd
}

/// The palette to choose from: bright and saturated colours, or muted earth tones.
public enum Style: String, Sendable, Hashable, CaseIterable {
  case vivid, natural
}

/// How far drawing has come. An unfinished picture shows squares of one colour each, which become smaller with every stage.
public enum RenderStage: Sendable, Hashable {
  case finished
  /// Squares; `squares` is how many of them fit along the longer side.
  case coarse(squares: Int)

  /// The stage of the `index`th of `count` partial images, from 0. The last one has 64 squares along its longer side, and each earlier one
  /// a quarter as many as the next.
  public static func partial(_ index: Int, of count: Int) -> RenderStage { .coarse(squares: max(1, 64 >> (2 * (count - 1 - index)))) }
}
