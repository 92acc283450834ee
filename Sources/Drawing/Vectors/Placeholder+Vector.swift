/// A placeholder as SVG, with the same colours, pattern, lines of text and watermark as on a canvas. Letters are text, so that they can be
/// found, copied and read aloud.
extension Placeholder {
  /// The document. Its length is bounded by the picture's size and the part of ``PictureDescription/prompt`` that fits.
  ///
  /// - Parameter about: the content of the document's `desc` element.
  package func svg(about: String = "", with textRenderer: TextRenderer) -> String {
    let (size, layout) = (description.size, Layout(description.size))
    let tile = pattern.map { $0.tile(unit: layout.patternUnit) }
    let tone = Tone(background: background, pattern: description.isTransparent ? nil : tile)
    let texts = texts(in: layout, with: textRenderer)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(size.width)" height="\(size.height)" viewBox="0 0 \(size.width) \(size.height)">
      <desc>\(about.escapedForXML)</desc>
      <defs>\(definitions(tile, tone: tone, in: layout))</defs>
      \(description.isTransparent ? field(tile, in: layout) : backgroundElements(tile))
      \(texts.prompt.map { elements($0, tone: tone) } ?? "")
      \(texts.watermark.map { elements($0, tone: tone) } ?? "")
      </svg>

      """
  }

  private var paintServer: String {
    switch background {
    case .solid(let colour): colour.hexadecimal
    case .gradient: "url(#background)"
    }
  }

  private func definitions(_ tile: Tile?, tone: Tone, in layout: Layout) -> String {
    var elements: [String] = []
    if case .gradient(let gradient) = background { elements.append(gradient.element(id: "background", size: description.size)) }
    guard let tile else { return elements.joined() }
    guard description.isTransparent else {
      return (elements + [tile.element(id: "pattern", ink: tone.patternInk, size: description.size)]).joined()
    }
    // White shows the background. The densest part of the pattern shows nearly all of it.
    let white = Ink(level: 255)
    elements.append(
      tile.element(id: "pattern", ink: white, density: Self.fieldOpacity / max(tile.densest.share, 0.01), size: description.size))
    elements.append("<mask id=\"seen\">\(rectangle(layout.safe, corner: layout.safeRadius, fill: "url(#pattern)"))</mask>")
    return elements.joined()
  }

  private func backgroundElements(_ tile: Tile?) -> String {
    let whole = "width=\"100%\" height=\"100%\""
    return "<rect \(whole) fill=\"\(paintServer)\"/>" + (tile == nil ? "" : "<rect \(whole) fill=\"url(#pattern)\"/>")
  }

  /// The part of the background that a transparent picture's pattern shows.
  private func field(_ tile: Tile?, in layout: Layout) -> String {
    tile == nil ? "" : "<rect width=\"100%\" height=\"100%\" fill=\"\(paintServer)\" mask=\"url(#seen)\"/>"
  }

  private func elements(_ text: PlacedText, tone: Tone) -> String {
    panelElement(text.panel, radius: text.radius, tone: tone)
      + VectorLine.lines(of: text).map { element($0, pixelSize: text.pixelSize, tone: tone) }.joined(separator: "\n")
  }

  /// The panel behind text: the background if the picture is transparent, and shade if the tone needs it.
  private func panelElement(_ panel: Box, radius: Int, tone: Tone) -> String {
    let shade = tone.panelOpacity.map { opacity in
      rectangle(panel, corner: radius, fill: "\(tone.textInk.opposite.colour.hexadecimal)\" fill-opacity=\"\(decimal(opacity.share))")
    }
    return (description.isTransparent ? rectangle(panel, corner: radius, fill: paintServer) : "") + (shade ?? "") + "\n"
  }

  private func rectangle(_ box: Box, corner: Int, fill: String) -> String {
    """
    <rect x="\(box.columns.lowerBound)" y="\(box.rows.lowerBound)" width="\(box.width)" height="\(box.height)" rx="\(corner)" fill="\(fill)"/>
    """
  }

  /// The element of a line, as wide as on a canvas, whatever font the viewer has.
  private func element(_ line: VectorLine, pixelSize: Int, tone: Tone) -> String {
    """
    <text x="\(decimal(line.x + line.width / 2))" y="\(line.baseline)" text-anchor="middle" \(line.isRightToLeft ? "direction=\"rtl\" " : "")\
    font-family="DejaVu Sans, Noto Sans, sans-serif" font-size="\(pixelSize)" textLength="\(decimal(line.width))" \
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
