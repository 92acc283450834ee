import Testing

@testable import Drawing

struct GradientTests {
  static let (red, blue) = (Colour(red: 255, green: 59, blue: 48), Colour(red: 94, green: 92, blue: 230))

  static func paint(_ direction: Gradient.Direction, size: String) -> Pixels {
    var canvas = Canvas(size: PictureDescription.mock(size: size).size)
    canvas.paint(.gradient(Gradient(from: red, to: blue, direction)))
    return Pixels(canvas)
  }

  @Test(arguments: ["64x64", "65x33", "1x40", "40x1", "2x2"])
  func `a gradient goes from its first colour to its second`(size: String) {
    let horizontal = Self.paint(.horizontal, size: size)
    let (right, bottom) = (horizontal.size.width - 1, horizontal.size.height - 1)
    #expect(horizontal[0, bottom] == Self.red)
    if right > 0 { #expect(horizontal[right, 0] == Self.blue) }
    let vertical = Self.paint(.vertical, size: size)
    #expect(vertical[right, 0] == Self.red)
    if bottom > 0 { #expect(vertical[0, bottom] == Self.blue) }
    for direction in [Gradient.Direction.diagonal, .shallow, .steep] {
      let pixels = Self.paint(direction, size: size)
      #expect(pixels[0, 0] == Self.red)
      #expect(pixels[right, bottom] == Self.blue)
    }
    let rising = Self.paint(.rising, size: size)
    #expect(rising[0, bottom] == Self.red)
    #expect(rising[right, 0] == Self.blue)
  }

  @Test(arguments: ["64x64", "65x33", "33x65", "65x65", "64x33"])
  func `a radial gradient begins in the centre and ends in all corners`(size: String) {
    let pixels = Self.paint(.radial, size: size)
    let (right, bottom) = (pixels.size.width - 1, pixels.size.height - 1)
    #expect(pixels[right / 2, bottom / 2].distance(to: Self.red) <= 8)
    for corner in [pixels[0, 0], pixels[right, 0], pixels[0, bottom], pixels[right, bottom]] { #expect(corner == Self.blue) }
  }

  @Test(arguments: ["64x48", "33x65", "7x7", "1x1", "2x3", "1280x1024", "1279x1023"])
  func `a radial gradient is the same on all sides`(size: String) {
    let pixels = Self.paint(.radial, size: size)
    let (right, bottom) = (pixels.size.width - 1, pixels.size.height - 1)
    for y in 0...bottom {
      for x in 0...right {
        #expect(pixels[x, y] == pixels[right - x, y])
        #expect(pixels[x, y] == pixels[x, bottom - y])
      }
    }
  }

  @Test func `lines of one colour lie across the direction`() {
    let (horizontal, vertical, diagonal) = (
      Self.paint(.horizontal, size: "40x30"), Self.paint(.vertical, size: "40x30"), Self.paint(.diagonal, size: "40x30")
    )
    #expect((0..<30).allSatisfy { horizontal[11, $0] == horizontal[11, 0] })
    #expect((0..<40).allSatisfy { vertical[$0, 11] == vertical[0, 11] })
    #expect((0..<29).allSatisfy { diagonal[30 - $0, $0] == diagonal[30, 0] })
  }

  @Test(arguments: Gradient.Direction.allCases, ["1024x1024", "1024x1792", "3840x1280"])
  func `no step is large enough to be seen`(direction: Gradient.Direction, size: String) {
    let pixels = Self.paint(direction, size: size)
    let (width, height) = (pixels.size.width, pixels.size.height)
    for x in 1..<width { #expect(pixels[x, height / 3].distance(to: pixels[x - 1, height / 3]) <= 2) }
    for y in 1..<height { #expect(pixels[width / 3, y].distance(to: pixels[width / 3, y - 1]) <= 2) }
  }

  @Test func `blocks are as large as shades can be told apart, and no larger`() throws {
    let gradient = Gradient(from: Self.red, to: Self.blue, .diagonal)
    let size = try #require(PictureSize(width: 3840, height: 2160))
    let slope = Slope(across: 1, down: 1, of: gradient, on: size)
    #expect(slope.blockWidth > 1)
    #expect(slope.shadeCount >= gradient.shadeCount)
    #expect(slope.shadeCount < 2 * gradient.shadeCount)
  }

  @Test(arguments: ["3840x2160", "2049x1025"])
  func `circles go in steps as high as a shade is wide`(size: String) throws {
    let pixels = Self.paint(.radial, size: size)
    let shades = Gradient(from: Self.red, to: Self.blue, .radial).shadeCount
    let (width, height) = (pixels.size.width, pixels.size.height)
    let changes = (1..<height).count { y in !pixels.hasEqualBytes(to: pixels, row: y, columns: 0..<width, asRow: y - 1) }
    let diagonal = Float(width * width + height * height).squareRoot() / 2
    #expect(Float(changes) < Float(height) / (diagonal / Float(shades) - 1) + 2)
    #expect(changes > shades / 3)
  }

  @Test(arguments: [1000, 2048, 3000])
  func `no size leads beyond the last shade`(width: Int) throws {
    var canvas = Canvas(size: PictureDescription.mock(size: "64x64").size)
    for height in 400..<1600 {
      // The first row is farthest from the centre.
      canvas.resize(to: try #require(PictureSize(width: width, height: height)), band: 0..<1)
      canvas.paint(.gradient(Gradient(from: Self.red, to: Self.blue, .radial)))
      #expect(canvas.withRows { $0[1] } <= Self.blue.red + 2)
    }
  }

  @Test func `a gradient's stops begin and end with its colours`() {
    for direction in Gradient.Direction.allCases {
      let stops = Gradient(from: Self.red, to: Self.blue, direction).stops
      #expect(stops.first == Self.red)
      #expect(stops.last == Self.blue)
    }
  }

  @Test(arguments: Palette.vivid + Palette.natural)
  func `OKLCH brings every colour of the palettes back`(colour: Colour) {
    #expect(OKLCH(colour).colour.distance(to: colour) <= 1)
  }

  /// Between red and cyan, gradients used to be grey. Measured on pixels.
  @Test(arguments: Palette.vivid)
  func `no vivid gradient becomes grey on its way`(first: Colour) throws {
    var canvas = Canvas(size: try #require(PictureSize(width: 256, height: 1)))
    for second in Palette.neighbours(of: first, in: Palette.vivid) {
      let gradients = [Gradient(from: first, to: second, .horizontal), Scheme.gradient(from: first, to: second, .horizontal)]
      for gradient in gradients {
        canvas.paint(.gradient(gradient))
        let chroma = Pixels(canvas).colours.map { OKLCH($0).chroma }
        #expect(try #require(chroma.min()) >= 0.6 * min(chroma[0], chroma[255]), "\(first) to \(second)")
      }
    }
  }

  @Test func `a hue takes the shorter way around, and a grey has none`() {
    let (pink, red) = (OKLCH(Colour(red: 255, green: 45, blue: 85)), OKLCH(Colour(red: 255, green: 59, blue: 48)))
    let grey = OKLCH(Colour(red: 128, green: 128, blue: 128))
    #expect(abs(pink.turn(to: red)) < 0.3)
    // Angles start anew between these two.
    let (green, cyan) = (OKLCH(Colour(red: 52, green: 199, blue: 89)), OKLCH(Colour(red: 50, green: 173, blue: 230)))
    #expect(abs(green.turn(to: cyan)) < 2 && abs(cyan.turn(to: green)) < 2)
    #expect(abs(grey.mixed(with: red, share: 0.5).hue - red.hue) < 0.001 && abs(red.mixed(with: grey, share: 0.5).hue - red.hue) < 0.001)
  }

  @Test func `a colour that sRGB lacks becomes one of its lightness and hue`() {
    var colour = OKLCH(Colour(red: 255, green: 59, blue: 48))
    (colour.lightness, colour.chroma) = (0.4, 0.3)
    let nearest = OKLCH(colour.colour)
    #expect(abs(nearest.lightness - 0.4) < 0.01 && abs(nearest.turn(to: colour)) < 0.03 && nearest.chroma > 0.1)
  }
}
