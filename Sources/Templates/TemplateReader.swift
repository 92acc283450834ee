import Drawing
import JSON
import Spelling

/// Reads a template. What is wrong is noted, and reading goes on, so that all mistakes of a file can be told at once.
struct TemplateReader {
  let files: TemplateFiles
  private let faults: TemplateFaults

  init(_ files: TemplateFiles, _ faults: TemplateFaults) { (self.files, self.faults) = (files, faults) }

  /// Reads a document.
  ///
  /// - Returns: a template that is only of use if there are no faults.
  func template(_ document: [UInt8], name: String) -> Template? {
    do throws(JSONError) {
      return template(TemplateNode(try JSONValue(parsing: document, limits: Self.limits), faults), name: name)
    } catch {
      faults.add(error)
      return nil
    }
  }

  private func template(_ node: TemplateNode, name: String) -> Template? {
    guard let members = node.members(["description", "layers"], of: "a template") else { return nil }
    let summary = members["description"].flatMap { node -> String? in
      let text = node.string(atMost: 200, of: "a text of one line")
      if let text, text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
        node.fault("has a control character; allowed: a text of one line")
      }
      return text
    }
    guard let list = members["layers"] else {
      node.fault("a template has no member \"layers\"; it must have a list of 1 to \(Template.mostLayers) layers, from back to front")
      return nil
    }
    guard let elements = list.elements(1...Template.mostLayers, of: "layers") else { return nil }
    let texts = elements.filter { $0.names.contains("text") }
    if texts.count > Template.mostTexts {
      texts[Template.mostTexts].fault("there are \(texts.count) layers with a text; allowed: up to \(Template.mostTexts)")
    }
    files.imageCount = Set(elements.compactMap { $0.value.object?["image"]?.text }).count
    return Template(name: name, summary: summary, layers: elements.compactMap(layer))
  }

  private func layer(_ node: TemplateNode) -> Template.Layer? {
    let kinds = node.names.filter(Self.kinds.contains)
    guard node.value.object != nil, let kind = kinds.first else {
      let nearest = node.names.compactMap { Self.kinds.nearest(to: $0) }.first.map { " (did you mean \($0)?)" } ?? ""
      node.fault("a layer must be an object with one of the members \(Self.kinds.joined(separator: ", "))\(nearest)")
      return nil
    }
    if let other = kinds.first(where: { $0 != kind }) {
      node.fault("a layer has the members \(kind) and \(other); allowed: one of \(Self.kinds.joined(separator: ", "))")
      return nil
    }
    switch kind {
    case "fill": return fill(node).map { .fill($0) }
    case "image": return image(node).map { .image($0) }
    default: return text(node).map { .text($0) }
    }
  }

  private static let kinds = ["fill", "image", "text"]
  /// Bytes of a file.
  static let largest = 256 << 10
  private static let limits = JSONLimits(values: 16_384, depth: 16)
}

// MARK: Places and colours

extension TemplateReader {
  static let placeNames = ["at", "size", "inset"]

  func place(_ members: [String: TemplateNode]) -> Template.Place {
    var place = Template.Place.whole
    if let at = members["at"]?.pair(in: -1...1, of: "the place of the left and upper edge in fractions of width and height, from -1 to 1") {
      (place.left, place.top) = at
    }
    if let size = members["size"]?.pair(in: 0...1, above: true, of: "fractions of width and height above 0, up to 1") {
      (place.width, place.height) = size
    } else if let at = members["at"], members["size"] == nil {
      at.fault("a layer with \"at\" needs \"size\" as well: a list of two fractions of width and height", atName: true)
    }
    if let inset = members["inset"]?.number(in: 0...0.5) { place.inset = inset }
    return place
  }

  func alignment(_ members: [String: TemplateNode]) -> Template.Alignment {
    var alignment = Template.Alignment()
    if let across: Float = members["align"]?.choice([("left", 0), ("centre", 0.5), ("right", 1)]) { alignment.across = across }
    if let down: Float = members["valign"]?.choice([("top", 0), ("middle", 0.5), ("bottom", 1)]) { alignment.down = down }
    return alignment
  }

  /// Opacity and the radius of corners.
  func share(_ name: String, _ members: [String: TemplateNode], upTo limit: Double, otherwise usual: Float) -> Float {
    members[name]?.number(in: 0...limit) ?? usual
  }

  func shade(_ node: TemplateNode) -> Template.Shade? {
    guard let text = node.value.text else {
      node.fault("must be a colour, not \(node.value.kind); allowed: \(Self.shades)")
      return nil
    }
    if let shade = Self.shade(text) { return shade }
    node.fault("\(TemplateNode.quoted(text))\(Self.shadeNames.suggestion(for: text)) is not a colour; allowed: \(Self.shades)")
    return nil
  }

  static func shade(_ text: String) -> Template.Shade? {
    if let shade = Template.PaletteShade(rawValue: text) { return .palette(shade) }
    let digits = text.utf8.dropFirst().compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard text.utf8.first == UInt8(ascii: "#"), digits.count == text.utf8.count - 1, [3, 6].contains(digits.count) else { return nil }
    func channel(_ index: Int) -> UInt8 {
      digits.count == 3 ? UInt8(17 * digits[index]) : UInt8(16 * digits[2 * index] + digits[2 * index + 1])
    }
    return .fixed(Colour(red: channel(0), green: channel(1), blue: channel(2)))
  }

  static let shadeNames = Template.PaletteShade.allCases.map(\.rawValue)
  static let shades = "#rgb, #rrggbb, " + shadeNames.joined(separator: ", ")
}
