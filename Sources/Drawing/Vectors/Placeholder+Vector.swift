/// A placeholder as SVG, with the same colours, pattern, lines of text and watermark as on a canvas. Letters are text, so that they can be
/// found, copied and read aloud.
extension Placeholder {
  /// The document. Its length is bounded by the picture's size and the part of ``PictureDescription/prompt`` that fits.
  ///
  /// - Parameter about: the content of the document's `desc` element.
  package func svg(about: String = "", with textRenderer: TextRenderer) -> String {
    let (size, layout) = (description.size, Layout(description.size))
    let tile = pattern.map { $0.tile(unit: patternUnit(in: layout)) }
    let texts = texts(in: layout, with: textRenderer)
    let placed = [texts.prompt, texts.watermark].compactMap(\.self)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(size.width)" height="\(size.height)" viewBox="0 0 \(size.width) \(size.height)">
      <desc>\(about.escapedForXML)</desc>
      <defs>\(definitions(tile, in: layout, around: placed))</defs>
      \(description.isTransparent ? "<g mask=\"url(#seen)\">\(field)</g>" : field + patternElement(tile))
      \(texts.prompt.map { elements($0, weight: 600) } ?? "")
      \(texts.watermark.map { elements($0, weight: 400) } ?? "")
      </svg>

      """
  }

  private var paintServer: String {
    switch background {
    case .solid(let colour), .card(let colour, _, _): colour.hexadecimal
    case .gradient: "url(#background)"
    }
  }

  private func definitions(_ tile: Tile?, in layout: Layout, around texts: [PlacedText]) -> String {
    var elements: [String] = []
    if case .gradient(let gradient) = background { elements.append(gradient.element(id: "background", size: description.size)) }
    if description.isTransparent {
      // White shows the background: on labels, and on a pattern's figures.
      let labels = texts.map { rectangle($0.panel, corner: $0.radius, fill: "#fff") }
      let shapes = tile.map { figures(of: $0, in: layout, around: texts.map(\.panel)).elements } ?? ""
      elements.append("<mask id=\"seen\" fill=\"#fff\">\(shapes)\(labels.joined())</mask>")
    } else if let tile {
      elements.append(tile.element(id: "pattern", ink: tone.patternInk, size: description.size))
    }
    return elements.joined()
  }

  /// The background without its pattern.
  private var field: String { "<rect width=\"100%\" height=\"100%\" fill=\"\(paintServer)\"/>" + foot }

  private func patternElement(_ tile: Tile?) -> String {
    tile == nil ? "" : "<rect width=\"100%\" height=\"100%\" fill=\"url(#pattern)\"/>"
  }

  /// The foot of a plain background.
  private var foot: String {
    guard case .card(_, let foot, _) = background else { return "" }
    let (size, height) = (description.size, Layout(description.size).footHeight)
    return rectangle(
      Box(left: 0, top: size.height - height, right: size.width, bottom: size.height), corner: 0, fill: foot.hexadecimal)
  }

  private func elements(_ text: PlacedText, weight: Int) -> String {
    VectorLine.lines(of: text).map { element($0, pixelSize: text.pixelSize, weight: weight) }.joined(separator: "\n")
  }

  private func rectangle(_ box: Box, corner: Int, fill: String) -> String {
    """
    <rect x="\(box.columns.lowerBound)" y="\(box.rows.lowerBound)" width="\(box.width)" height="\(box.height)" rx="\(corner)" fill="\(fill)"/>
    """
  }

  /// The element of a line, as wide as on a canvas, whatever font the viewer has.
  private func element(_ line: VectorLine, pixelSize: Int, weight: Int) -> String {
    """
    <text x="\(decimal(line.x + line.width / 2))" y="\(line.baseline)" text-anchor="middle" \(line.isRightToLeft ? "direction=\"rtl\" " : "")\
    font-family="Open Sans, DejaVu Sans, Noto Sans, sans-serif" font-weight="\(weight)" font-size="\(pixelSize)" textLength="\(decimal(line.width))" \
    lengthAdjust="spacingAndGlyphs" fill="\(tone.textInk.colour.hexadecimal)">\(line.text.escapedForXML)</text>
    """
  }
}

/// Escaping for XML.
extension String {
  /// The text with references for markup characters, and without the characters that XML 1.0 (section 2.2) forbids.
  package var escapedForXML: String {
    var escaped = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", " "..."\u{fffd}", "\u{10000}"...: escaped.unicodeScalars.append(scalar)
      default: continue
      }
    }
    return escaped
  }
}
