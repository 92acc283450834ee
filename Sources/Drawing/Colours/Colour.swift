import Glibc

/// An opaque colour in sRGB, 8 bits a channel.
package struct Colour: Sendable, Hashable {
  package let red: UInt8
  package let green: UInt8
  package let blue: UInt8

  package init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour with an ink over it, computed on sRGB values, as the canvas blends.
  func under(_ ink: Ink, opacity: Opacity) -> Colour {
    func blend(_ channel: UInt8) -> UInt8 {
      UInt8((UInt16(channel) * (256 - opacity.of256) + UInt16(ink.level) * opacity.of256 + 128) >> 8)
    }
    return Colour(red: blend(red), green: blend(green), blue: blend(blue))
  }

  /// The largest difference of any channel.
  package func distance(to other: Colour) -> Int {
    max(Self.difference(red, other.red), Self.difference(green, other.green), Self.difference(blue, other.blue))
  }

  private static func difference(_ one: UInt8, _ other: UInt8) -> Int { abs(Int(one) - Int(other)) }
}

/// sRGB's transfer curve (IEC 61966-2-1) between stored values and linear light.
extension Colour {
  /// Red, green and blue as amounts of light, 0 to 1.
  var linearLight: SIMD3<Float> {
    SIMD3(Self.decoded[Int(red)], Self.decoded[Int(green)], Self.decoded[Int(blue)])
  }

  /// Makes the nearest colour to amounts of light. Values outside sRGB are clipped.
  init(linearLight: SIMD3<Float>) {
    self.init(red: Self.encode(linearLight.x), green: Self.encode(linearLight.y), blue: Self.encode(linearLight.z))
  }

  private static let decoded: [Float] = (0...255).map { value in
    let share = Float(value) / 255
    return share <= 0.04045 ? share / 12.92 : powf((share + 0.055) / 1.055, 2.4)
  }

  private static func encode(_ light: Float) -> UInt8 {
    let light = min(max(light, 0), 1)
    let share = light <= 0.0031308 ? light * 12.92 : 1.055 * powf(light, 1 / 2.4) - 0.055
    return UInt8((share * 255).rounded())
  }
}

extension Colour {
  /// Relative luminance from 0 (black) to 1 (white), as WCAG 2.2 defines it.
  package var luminance: Float {
    let light = linearLight
    return 0.2126 * light.x + 0.7152 * light.y + 0.0722 * light.z
  }

  /// WCAG's contrast ratio, 1 to 21. Body text needs 4.5, large text 3.
  package func contrast(with other: Colour) -> Float {
    let (one, two) = (luminance, other.luminance)
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)
  }
}

extension Colour {
  /// The colour as `#rrggbb`.
  var hexadecimal: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
