import Glibc

/// A colour in Björn Ottosson's OKLab (https://bottosson.github.io/posts/oklab/), where equal steps look equal: a gradient mixed here
/// has no muddy or dark middle, as one mixed on sRGB values has between opposite hues.
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

  /// The colour at `share` of the way to another, 0 to 1.
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
