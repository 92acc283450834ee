extension Canvas {
  /// Which of a label's points is given.
  enum LabelAnchor {
    case left(Int)
    case centre(Int)
    case right(Int)

    /// Where a label of that width begins.
    fileprivate func left(width: Float) -> Float {
      switch self {
      case .left(let x): Float(x)
      case .centre(let x): Float(x) - width / 2
      case .right(let x): Float(x) - width
      }
    }
  }

  /// Writes one line in dark ink.
  ///
  /// - Parameters:
  ///   - middle: the row that the capitals are centred on.
  ///   - pixelSize: pixels an em.
  mutating func label(_ text: String, _ anchor: LabelAnchor, middle: Int, size pixelSize: Int, with textRenderer: TextRenderer) {
    let shaped = textRenderer.shape(text, limit: size.width, keepsLines: false)
    let fitting = TextFitting(
      text: shaped, width: size.width, height: 2 * pixelSize, sizes: pixelSize...pixelSize)
    let line = fitting.line()
    let baseline = middle + Int(textRenderer.face.capHeight * Float(pixelSize) / 2)
    let place = TextPlace(left: anchor.left(width: line.width), baseline: baseline, of: line)
    let whole = Box(left: 0, top: 0, right: size.width, bottom: size.height)
    var layer = TextLayer(panel: place.ink, radius: 0, pixelSize: pixelSize)
    layer.append(line, at: place, with: textRenderer)
    draw(layer, ink: .dark, within: whole)
  }
}
