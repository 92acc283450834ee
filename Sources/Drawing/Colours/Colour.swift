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

/// A colour in Björn Ottosson's OKLab (https://bottosson.github.io/posts/oklab/), where equal steps look equal. Between opposite hues, a
/// gradient mixed on sRGB values has a muddy or dark middle; one mixed in OKLab does not.
struct OKLab: Sendable {
  /// Lightness, green–red, blue–yellow.
  let coordinates: SIMD3<Float>

  init(_ colour: Colour) {
    let light = colour.linearLight
    let cones = SIMD3(
      cbrtf(0.4122214708 * light.x + 0.5363325363 * light.y + 0.0514459929 * light.z),
      cbrtf(0.2119034982 * light.x + 0.6806995451 * light.y + 0.1073969566 * light.z),
      cbrtf(0.0883024619 * light.x + 0.2817188376 * light.y + 0.6299787005 * light.z))
    coordinates = SIMD3(
      0.2104542553 * cones.x + 0.7936177850 * cones.y - 0.0040720468 * cones.z,
      1.9779984951 * cones.x - 2.4285922050 * cones.y + 0.4505937099 * cones.z,
      0.0259040371 * cones.x + 0.7827717662 * cones.y - 0.8086757660 * cones.z)
  }

  private init(coordinates: SIMD3<Float>) { self.coordinates = coordinates }

  /// The colour at `share` of the distance to another, 0 to 1.
  func mixed(with other: OKLab, share: Float) -> OKLab {
    OKLab(coordinates: coordinates + (other.coordinates - coordinates) * share)
  }

  /// The nearest sRGB colour.
  var colour: Colour {
    let (lightness, greenRed, blueYellow) = (coordinates.x, coordinates.y, coordinates.z)
    let roots = SIMD3(
      lightness + 0.3963377774 * greenRed + 0.2158037573 * blueYellow,
      lightness - 0.1055613458 * greenRed - 0.0638541728 * blueYellow,
      lightness - 0.0894841775 * greenRed - 1.2914855480 * blueYellow)
    let cones = roots * roots * roots
    return Colour(
      linearLight: SIMD3(
        4.0767416621 * cones.x - 3.3077115913 * cones.y + 0.2309699292 * cones.z,
        -1.2684380046 * cones.x + 2.6097574011 * cones.y - 0.3413193965 * cones.z,
        -0.0041960863 * cones.x - 0.7034186147 * cones.y + 1.7076147010 * cones.z))
  }
}
