/// A row of pixels, ready to be copied.
struct Ramp: Sendable {
  /// Red, green and blue of each pixel.
  private(set) var bytes: [UInt8] = []

  /// Makes pixels of one colour.
  init(_ colour: Colour, count: Int) {
    bytes = [colour.red, colour.green, colour.blue]
    bytes.reserveCapacity(3 * count)
    while bytes.count < 3 * count { bytes.append(contentsOf: bytes.prefix(3 * count - bytes.count)) }
  }

  /// Makes pixels of a gradient's colours.
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

  /// Repeats each pixel of a ramp several times.
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

/// The layout of a linear gradient on a picture, in blocks of pixels of one shade. Each block is one shade ahead of the block to its left
/// and of the block above or below it.
///
/// Blocks are invisible, because neighbouring shades cannot be told apart (see ``Gradient/shadeCount``). But the rows of one block are
/// equal, and the rows of neighbouring blocks are the same pixels shifted by one block: repetitions that a compressor finds.
struct Slope {
  /// The width and height of a block in pixels.
  let blockWidth: Int
  let blockHeight: Int
  /// The number of shades in the whole picture.
  let shadeCount: Int
  private let rowCount: Int
  private let isRising: Bool

  /// - Parameters:
  ///   - across, down: see ``Gradient/Direction/proportion``.
  init(across: Int, down: Int, of gradient: Gradient, on size: PictureSize) {
    let (shades, whole) = (gradient.shadeCount, across + abs(down))
    blockWidth = Self.block(size.width, shades: shades * across, whole: whole)
    blockHeight = Self.block(size.height, shades: shades * abs(down), whole: whole)
    rowCount = (size.height + blockHeight - 1) / blockHeight
    shadeCount = (size.width + blockWidth - 1) / blockWidth + rowCount - 1
    isRising = down < 0
  }

  /// The shade at the left edge of a row.
  func firstShade(ofRow y: Int) -> Int {
    let row = y / blockHeight
    return isRising ? rowCount - 1 - row : row
  }

  /// The pixels of a side that share one shade: at least 1, at most all of them.
  private static func block(_ side: Int, shades: Int, whole: Int) -> Int {
    shades == 0 ? side : min(max(side * whole / shades, 1), side)
  }
}
