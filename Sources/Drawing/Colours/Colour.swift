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

  /// What is seen when an ink lies over this colour; computed on sRGB values, as the canvas blends.
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
