import Drawing
import JSON
import Pictures
import Spelling

// MARK: Fills

extension TemplateReader {
  func fill(_ node: TemplateNode) -> Template.Fill? {
    guard let members = node.members(["fill"] + Self.placeNames + ["corners", "opacity"], of: "a fill"), let fill = members["fill"]
    else { return nil }
    let place = place(members)
    let (corners, opacity) = (
      share("corners", members, upTo: 0.5, otherwise: 0), share("opacity", members, upTo: 1, otherwise: 1)
    )
    guard let paint = paint(fill) else { return nil }
    if case .pattern = paint, corners > 0 { members["corners"]?.fault("a pattern has no corners; leave \"corners\" out", atName: true) }
    return Template.Fill(paint, in: place, corners: corners, opacity: opacity)
  }

  private func paint(_ node: TemplateNode) -> Template.Fill.Paint? {
    switch node.value {
    case .string(let string):
      let text = string.text
      if let paint = Self.paints.first(where: { $0.name == text })?.paint { return paint }
      if let shade = Self.shade(text) { return .solid(shade) }
      let names = Self.paints.map(\.name) + Self.shadeNames
      node.fault(
        "\(TemplateNode.quoted(text))\(names.suggestion(for: text)) is not a fill; allowed: \(Self.paints.map(\.name).joined(separator: ", ")), "
          + "\(Self.shades), or an object with gradient or pattern")
      return nil
    case .object: return detailedPaint(node)
    default:
      node.fault("a fill must be a string or an object, not \(node.value.kind)")
      return nil
    }
  }

  private static let paints: [(name: String, paint: Template.Fill.Paint)] = [
    ("look", .look), ("card", .card), ("gradient", .paletteGradient(nil)), ("pattern", .pattern(nil, nil)),
  ]

  private func detailedPaint(_ node: TemplateNode) -> Template.Fill.Paint? {
    guard node.names.contains("gradient") || node.names.contains("pattern") else {
      node.fault("a fill must have one of the members gradient, pattern")
      return nil
    }
    if node.names.contains("pattern"), !node.names.contains("gradient") {
      guard let members = node.members(["pattern", "colour"], of: "a pattern"), let pattern = members["pattern"] else { return nil }
      let named = pattern.choice(Self.patterns)
      let colour = members["colour"].flatMap(shade)
      guard let named else { return nil }
      return .pattern(named, colour)
    }
    guard let members = node.members(["gradient", "direction"], of: "a gradient"), let gradient = members["gradient"] else { return nil }
    let direction: Gradient.Direction? = members["direction"].flatMap { node in node.choice(Self.directions) ?? nil }
    if gradient.value.text == Self.request { return .paletteGradient(direction) }
    guard case .array(let elements) = gradient.value, elements.count == 2 else {
      gradient.fault("a gradient must be a list of two colours or \"\(Self.request)\"; allowed colours: \(Self.shades)")
      return nil
    }
    let shades = gradient.elements(2...2, of: "colours")?.compactMap(shade) ?? []
    return shades.count == 2 ? .gradient(shades[0], shades[1], direction) : nil
  }

  /// What follows from the request.
  private static let request = "request"
  private static let patterns: [(name: String, value: Pattern?)] =
    [(name: request, value: nil)] + Pattern.allCases.map { pattern in (name: pattern.rawValue, value: pattern) }
  private static let directions: [(name: String, value: Gradient.Direction?)] =
    [(name: request, value: nil)] + Gradient.Direction.allCases.map { direction in (name: "\(direction)", value: direction) }
}

// MARK: Images

extension TemplateReader {
  func image(_ node: TemplateNode) -> Template.Image? {
    let names = ["image"] + Self.placeNames + ["fit", "align", "valign", "corners", "opacity"]
    guard let members = node.members(names, of: "an image"), let image = members["image"] else { return nil }
    let (place, alignment) = (place(members), alignment(members))
    let fit = members["fit"].map { $0.choice(Template.Image.Fit.self) ?? .contain } ?? .contain
    let (corners, opacity) = (
      share("corners", members, upTo: 0.5, otherwise: 0), share("opacity", members, upTo: 1, otherwise: 1)
    )
    guard let name = image.string(atMost: 255, of: "the name of a file or {upload}") else { return nil }
    let source: Template.Image.Source
    if name == Self.upload {
      source = .upload
    } else {
      do throws(TemplateFiles.Problem) {
        source = .file(try files.image(name))
      } catch {
        image.fault(error.text)
        return nil
      }
    }
    return Template.Image(source, in: place, fit: fit, alignment: alignment, corners: corners, opacity: opacity)
  }

  private static let upload = "{upload}"
}

// MARK: Texts

extension TemplateReader {
  func text(_ node: TemplateNode) -> Template.Text? {
    let boxNames = Self.placeNames + ["align", "valign", "font_size", "lines", "weight"]
    let names = ["text", "place"] + boxNames + ["font", "colour", "opacity"]
    guard let members = node.members(names, of: "a text"), let text = members["text"] else { return nil }
    let colour = members["colour"].flatMap { node in node.value.text == "auto" ? nil : shade(node) }
    let opacity = share("opacity", members, upTo: 1, otherwise: 1)
    let font = members["font"].flatMap(self.font)
    let setting: Template.Text.Setting
    if let place = members["place"] {
      for name in boxNames {
        members[name]?.fault("\"\(name)\" and \"place\" exclude each other; use one of them", atName: true)
      }
      let named: Template.Text.Setting? = place.choice([("title", .title), ("watermark", .watermark)])
      setting = named ?? .title
    } else {
      setting = .box(boxSetting(members))
    }
    if let weight = members["weight"], members["font"] != nil {
      weight.fault("\"weight\" and \"font\" exclude each other; a font of one's own has one weight", atName: true)
    }
    guard let parsed = parsed(text) else { return nil }
    return Template.Text(parsed, setting, font: font, colour: colour, opacity: opacity)
  }

  private func boxSetting(_ members: [String: TemplateNode]) -> Template.BoxSetting {
    var setting = Template.BoxSetting(in: place(members), alignment: alignment(members))
    if let sizes = members["font_size"].flatMap(fontSizes) { setting.sizes = sizes }
    if let lines = members["lines"]?.integer(in: 1...100) { setting.lines = lines }
    if let isBold: Bool = members["weight"]?.choice([("regular", false), ("semibold", true)]) { setting.isBold = isBold }
    return setting
  }

  /// One size, or the smallest and the largest.
  private func fontSizes(_ node: TemplateNode) -> ClosedRange<Float>? {
    let allowed = 0.005...0.5
    guard case .array = node.value else { return node.number(in: allowed).map { $0...$0 } }
    guard let (smallest, largest) = node.pair(in: allowed, of: "the smallest and the largest, \(TemplateNode.text(allowed))") else {
      return nil
    }
    guard smallest <= largest else {
      node.fault("the smallest size, \(smallest), is above the largest, \(largest); allowed: the smaller number first")
      return nil
    }
    return smallest...largest
  }

  private func parsed(_ node: TemplateNode) -> TemplateText? {
    guard let text = node.string(atMost: 1000, of: "a text") else { return nil }
    do throws(TemplateTextError) {
      return try TemplateText(parsing: text)
    } catch {
      let words = TemplateWord.allCases.map(\.rawValue)
      let allowed = "allowed: \(words.map { "{\($0)}" }.joined(separator: ", ")); {{ writes a brace"
      guard let name = error.name else {
        node.fault("the brace here is not closed; \(allowed)", character: error.offset)
        return nil
      }
      let unknown = "\(TemplateNode.quoted("{\(name)}"))\(words.suggestion(for: name))"
      node.fault("\(unknown) is not a placeholder; \(allowed)", character: error.offset)
      return nil
    }
  }

  private func font(_ node: TemplateNode) -> TemplateFont? {
    guard let name = node.string(atMost: 255, of: "the name of a font file") else { return nil }
    do throws(TemplateFiles.Problem) {
      return try files.font(name)
    } catch {
      node.fault(error.text)
      return nil
    }
  }
}
