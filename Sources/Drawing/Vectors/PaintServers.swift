extension Gradient {
  /// The element that describes it, for a picture of a size.
  func element(id: String, size: PictureSize) -> String {
    let stops = stops
    let inside = stops.enumerated().map { index, colour in
      "<stop offset=\"\(decimal(100 * Float(index) / Float(stops.count - 1)))%\" stop-color=\"\(colour.hexadecimal)\"/>"
    }.joined()
    guard let way else {
      let (x, y) = (Float(size.width) / 2, Float(size.height) / 2)
      let radius = (x * x + y * y).squareRoot()
      return """
        <radialGradient id="\(id)" gradientUnits="userSpaceOnUse" cx="\(decimal(x))" cy="\(decimal(y))" r="\(decimal(radius))">\(inside)\
        </radialGradient>
        """
    }
    let top: Float = way.y < 0 ? 1 : 0
    return """
      <linearGradient id="\(id)" gradientUnits="userSpaceOnUse" gradientTransform="scale(\(size.width) \(size.height))" \
      x1="0" y1="\(decimal(top))" x2="\(decimal(way.x))" y2="\(decimal(top + way.y))">\(inside)</linearGradient>
      """
  }

  /// Where a linear gradient ends, counted from the corner where it begins, in shares of the picture's sides. Its shades change with
  /// across·x + down·y; a gradient vector v has them change with v·(x, y) / v², so it is (across, down) / (across² + down²) times their
  /// sum.
  private var way: SIMD2<Float>? {
    guard let (across, down) = direction.proportion else { return nil }
    let proportion = SIMD2(Float(across), Float(down))
    return proportion * (proportion.x + abs(proportion.y)) / (proportion * proportion).sum()
  }
}

extension Tile {
  /// The element that repeats it, with one of its corners in the picture's centre.
  ///
  /// - Parameter density: what its opacities are multiplied by.
  func element(id: String, ink: Ink, density: Float = 1, size: PictureSize) -> String {
    let shapes = layers.map { layer in
      "<path fill-opacity=\"\(decimal(min(layer.opacity * density, 1)))\" d=\"\(layer.outline.path.data)\"/>"
    }.joined()
    // What sticks out comes in again at the other edge.
    let copies = [-height, 0, height].flatMap { y in [-width, 0, width].map { x in (x, y) } }.filter { $0 != (0, 0) }
      .map { x, y in "<use href=\"#\(id)-tile\" x=\"\(x)\" y=\"\(y)\"/>" }.joined()
    return """
      <pattern id="\(id)" patternUnits="userSpaceOnUse" x="\(size.width / 2)" y="\(size.height / 2)" width="\(width)" height="\(height)" \
      fill="\(ink.colour.hexadecimal)"><g id="\(id)-tile" fill-rule="evenodd">\(shapes)</g>\(copies)</pattern>
      """
  }
}
