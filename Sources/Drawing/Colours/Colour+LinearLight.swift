import Glibc

/// sRGB's transfer curve (IEC 61966-2-1) between stored values and linear light.
extension Colour {
  /// Red, green and blue as amounts of light, 0 to 1.
  var linearLight: SIMD3<Float> {
    SIMD3(Self.decoded[Int(red)], Self.decoded[Int(green)], Self.decoded[Int(blue)])
  }

  /// The nearest colour to amounts of light; what lies outside sRGB is clipped to it.
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
