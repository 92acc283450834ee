extension Gradient {
  /// The SVG element of the gradient, for a picture of a given size.
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

  /// The vector of a linear gradient, from the corner where it begins, in shares of the picture's sides. The shades change with across·x +
  /// down·y. A gradient vector v makes them change with v·(x, y) / v², so v is (across, down) / (across² + down²) times the sum of across
  /// and down.
  private var way: SIMD2<Float>? {
    guard let (across, down) = direction.proportion else { return nil }
    let proportion = SIMD2(Float(across), Float(down))
    return proportion * (proportion.x + abs(proportion.y)) / (proportion * proportion).sum()
  }
}

extension Tile {
  /// The SVG element that repeats the tile, with a corner of it in the picture's centre.
  func element(id: String, ink: Ink, size: PictureSize) -> String {
    let shapes = layers.map { $0.element() }.joined()
    // Copies of the tile show the parts that wrap around to the opposite edge.
    let copies = [-height, 0, height].flatMap { y in [-width, 0, width].map { x in (x, y) } }.filter { $0 != (0, 0) }
      .map { x, y in "<use href=\"#\(id)-tile\" x=\"\(x)\" y=\"\(y)\"/>" }.joined()
    return """
      <pattern id="\(id)" patternUnits="userSpaceOnUse" x="\(size.width / 2)" y="\(size.height / 2)" width="\(width)" height="\(height)" \
      fill="\(ink.colour.hexadecimal)"><g id="\(id)-tile" fill-rule="evenodd">\(shapes)</g>\(copies)</pattern>
      """
  }
}

extension Tile.Layer {
  /// The SVG element of the layer.
  ///
  /// - Parameter density: a factor for the opacity.
  fileprivate func element(density: Float = 1) -> String {
    "<path fill-opacity=\"\(decimal(min(opacity * density, 1)))\" d=\"\(outline.path.data)\"/>"
  }
}

extension Figures {
  /// The SVG elements of all copies.
  var elements: String {
    figures.enumerated().filter { !$1.places.isEmpty }.map { index, figure in
      let first = figure.places[0]
      let shapes = figure.layers.map { $0.element(density: density) }.joined()
      let original = "<g id=\"figure\(index)\" fill-rule=\"evenodd\" transform=\"translate(\(first.x) \(first.y))\">\(shapes)</g>"
      let copies = figure.places.dropFirst().map { "<use href=\"#figure\(index)\" x=\"\($0.x - first.x)\" y=\"\($0.y - first.y)\"/>" }
      return original + copies.joined()
    }.joined()
  }
}
