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
