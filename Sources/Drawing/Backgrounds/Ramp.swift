/// A row of pixels, ready to be copied.
struct Ramp: Sendable {
  /// Red, green and blue of one pixel after the other.
  private(set) var bytes: [UInt8] = []

  /// One colour all along.
  init(_ colour: Colour, count: Int) {
    bytes = [colour.red, colour.green, colour.blue]
    bytes.reserveCapacity(3 * count)
    while bytes.count < 3 * count { bytes.append(contentsOf: bytes.prefix(3 * count - bytes.count)) }
  }

  /// A gradient's colours from the first to the second.
  ///
  /// - Parameter count: pixels; the first is the gradient's first colour, the last its second.
  init(_ gradient: Gradient, count: Int) {
    let stops = gradient.stops.map { SIMD4<Float>(Float($0.red), Float($0.green), Float($0.blue), 0) }
    let scale = Float(stops.count - 1) / Float(max(count - 1, 1))
    bytes.reserveCapacity(3 * count)
    for pixel in 0..<count {
      let place = Float(pixel) * scale
      let stop = min(Int(place), stops.count - 2)
      let mixed = stops[stop] + (stops[stop + 1] - stops[stop]) * (place - Float(stop)) + 0.5
      bytes.append(UInt8(mixed.x))
      bytes.append(UInt8(mixed.y))
      bytes.append(UInt8(mixed.z))
    }
  }

  /// The same colours, each on several pixels in a row.
  init(_ shades: Ramp, repeating count: Int) {
    let shadeCount = shades.bytes.count / 3
    bytes.reserveCapacity(shades.bytes.count * count)
    for shade in 0..<shadeCount {
      for _ in 0..<count { bytes.append(contentsOf: shades.bytes[3 * shade..<3 * shade + 3]) }
    }
  }

  subscript(pixel: Int) -> Colour {
    Colour(red: bytes[3 * pixel], green: bytes[3 * pixel + 1], blue: bytes[3 * pixel + 2])
  }
}
