import Glibc

/// A colour in Björn Ottosson's OKLab (https://bottosson.github.io/posts/oklab/), where equal steps look equal, in polar coordinates.
///
/// Gradients are mixed here and not on sRGB values, because a mixture of two far hues is grey there: the hue goes around the grey axis instead
/// of through it.
struct OKLCH: Sendable {
  /// 0 (black) to 1 (white).
  var lightness: Float
  /// The distance from grey; sRGB has colours up to 0.32.
  var chroma: Float
  /// The angle in radians: red 0.5, yellow 1.9, green 2.5, blue 4.6.
  var hue: Float

  init(_ colour: Colour) {
    let light = colour.linearLight
    let cones = SIMD3(
      cbrtf(0.4122214708 * light.x + 0.5363325363 * light.y + 0.0514459929 * light.z),
      cbrtf(0.2119034982 * light.x + 0.6806995451 * light.y + 0.1073969566 * light.z),
      cbrtf(0.0883024619 * light.x + 0.2817188376 * light.y + 0.6299787005 * light.z))
    lightness = 0.2104542553 * cones.x + 0.7936177850 * cones.y - 0.0040720468 * cones.z
    let greenRed = 1.9779984951 * cones.x - 2.4285922050 * cones.y + 0.4505937099 * cones.z
    let blueYellow = 0.0259040371 * cones.x + 0.7827717662 * cones.y - 0.8086757660 * cones.z
    (chroma, hue) = (hypotf(greenRed, blueYellow), atan2f(blueYellow, greenRed))
  }

  /// The angle to another hue, the shorter way around: -π to π.
  func turn(to other: OKLCH) -> Float { remainderf(other.hue - hue, 2 * .pi) }

  /// The distance in OKLab: equal distances look equal.
  func distance(to other: OKLCH) -> Float {
    let chord = chroma * chroma + other.chroma * other.chroma - 2 * chroma * other.chroma * cosf(turn(to: other))
    let rise = lightness - other.lightness
    return (max(chord, 0) + rise * rise).squareRoot()
  }

  /// The colour at `share` of the way to another, 0 to 1. A grey has no hue of its own and takes the other's.
  func mixed(with other: OKLCH, share: Float) -> OKLCH {
    var mixed = self
    mixed.lightness += (other.lightness - lightness) * share
    mixed.chroma += (other.chroma - chroma) * share
    mixed.hue = isGrey ? other.hue : other.isGrey ? hue : hue + turn(to: other) * share
    return mixed
  }

  /// The sRGB colour of this lightness and hue that has this chroma, or the most that sRGB has there.
  var colour: Colour {
    if let colour = exactColour { return colour }
    var (inside, outside) = (Float(0), chroma)
    for _ in 0..<12 {
      let middle = (inside + outside) / 2
      if with(chroma: middle).isInGamut { inside = middle } else { outside = middle }
    }
    return Colour(linearLight: with(chroma: inside).linearLight)
  }

  /// The colour; nil if sRGB does not have it.
  private var exactColour: Colour? {
    let light = linearLight
    return Self.isInGamut(light) ? Colour(linearLight: light) : nil
  }

  private func with(chroma: Float) -> OKLCH {
    var other = self
    other.chroma = chroma
    return other
  }

  private var isGrey: Bool { chroma < 0.01 }
  private var isInGamut: Bool { Self.isInGamut(linearLight) }

  private static func isInGamut(_ light: SIMD3<Float>) -> Bool { light.min() >= -0.001 && light.max() <= 1.001 }

  private var linearLight: SIMD3<Float> {
    let (greenRed, blueYellow) = (chroma * cosf(hue), chroma * sinf(hue))
    let roots = SIMD3(
      lightness + 0.3963377774 * greenRed + 0.2158037573 * blueYellow,
      lightness - 0.1055613458 * greenRed - 0.0638541728 * blueYellow,
      lightness - 0.0894841775 * greenRed - 1.2914855480 * blueYellow)
    let cones = roots * roots * roots
    return SIMD3(
      4.0767416621 * cones.x - 3.3077115913 * cones.y + 0.2309699292 * cones.z,
      -1.2684380046 * cones.x + 2.6097574011 * cones.y - 0.3413193965 * cones.z,
      -0.0041960863 * cones.x - 0.7034186147 * cones.y + 1.7076147010 * cones.z)
  }
}
