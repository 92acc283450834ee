import Hashing

/// Everything that a picture is derived from: equal descriptions draw equal pictures.
public struct PictureDescription: Sendable, Hashable {
  public var prompt: String
  public var model: String
  public var size: PictureSize
  public var quality: Quality
  public var style: Style
  /// Which of the images of one request this is, from 0.
  public var index: Int
  public var seed: UInt64
  /// Whether nothing is drawn behind text and pattern: the picture then has an alpha channel.
  public var isTransparent: Bool
  /// How far drawing has come, for pictures that are shown before they are finished. It changes no colour and no place.
  public var stage = RenderStage.finished

  public init(
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
  /// One number for all images of a request: FNV-1a (64 bits) over what was asked for, the index left out, so that the images of one
  /// request can share an order of colours and take different places in it.
  var requestSeed: UInt64 {
    var hash = FNV1a()
    hash.combine(prompt)
    hash.combine(model)
    hash.combine(size.description)
    hash.combine(quality.rawValue)
    hash.combine(style.rawValue)
    hash.combine(seed)
    // Only then, so that opaque pictures are what they were before there were others.
    if isTransparent { hash.combine("transparent") }
    return hash.value
  }
}

/// Width and height of a picture in pixels.
public struct PictureSize: Sendable, Hashable {
  public let width: Int
  public let height: Int

  /// - Parameters: sides in pixels, each from 1 to ``maximumSide``.
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

  /// The longest side of any image that the API can be asked for (gpt-image-2).
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

/// How much is drawn: `standard` is one solid colour, `hd` a gradient with a pattern.
public enum Quality: String, Sendable, Hashable, CaseIterable {
  case standard, hd
}

/// Which palette is drawn from: bright and saturated, or muted earth tones.
public enum Style: String, Sendable, Hashable, CaseIterable {
  case vivid, natural
}

/// How far a picture has come: an unfinished one shows squares of one colour each, which become smaller and smaller.
public enum RenderStage: Sendable, Hashable {
  case finished
  /// Squares of which so many fit along the picture's longer side.
  case coarse(squares: Int)

  /// The `index`th of `count` unfinished pictures, from 0: the last one has 64 squares along its longer side, each before it a quarter of
  /// the next one's.
  public static func partial(_ index: Int, of count: Int) -> RenderStage { .coarse(squares: max(1, 64 >> (2 * (count - 1 - index)))) }
}
