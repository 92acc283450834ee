import Drawing
import JSON
import Pictures

/// A template as it is written.
package struct TemplateSource: Sendable {
  package let name: String
  /// The name of its file.
  package let file: String
  package let text: [UInt8]
  /// nil: it is built in.
  let identity: PictureFile.Identity?

  private init(name: String, text: [UInt8], _ identity: PictureFile.Identity? = nil) {
    (self.name, file, self.text, self.identity) = (name, Self.file(of: name), text, identity)
  }

  private init(name: String, text: String) { self.init(name: name, text: Array(text.utf8)) }

  /// Reads the file of a template.
  init(_ name: String, in directory: String) throws(TemplateError.Reason) {
    do throws(PictureError.Reason) {
      let file = try PictureFile.bytes(of: Self.file(of: name), in: directory, atMost: TemplateReader.largest)
      self.init(name: name, text: file.bytes, file.identity)
    } catch {
      throw .file(error)
    }
  }

  /// The template `card` is in the file `card.json`.
  static func file(of name: String) -> String { name + fileExtension }

  /// nil if the file is not one of a template.
  package static func name(ofFile file: String) -> String? {
    file.utf8.count > fileExtension.utf8.count && file.hasSuffix(fileExtension) ? String(file.dropLast(fileExtension.count)) : nil
  }

  private static let fileExtension = ".json"
}

extension TemplateSource {
  func template(_ files: TemplateFiles) throws(TemplateError.Reason) -> Template {
    if identity == nil, let known = Self.builtInTemplates[name] { return known }
    return try parsed(files)
  }

  private func parsed(_ files: TemplateFiles) throws(TemplateError.Reason) -> Template {
    let faults = TemplateFaults(file: file, document: text)
    let template = TemplateReader(files, faults).template(text, name: name)
    guard let template, faults.all.isEmpty else { throw .faults(faults.all) }
    return template
  }

  /// All mistakes, in the order of the file.
  ///
  /// - Parameter directory: that of its images and fonts.
  package func faults(in directory: String?) -> [TemplateFault] {
    let faults = TemplateFaults(file: file, document: text)
    _ = TemplateReader(TemplateFiles(directory: directory), faults).template(text, name: name)
    return faults.all.sorted { ($0.place?.line ?? 0, $0.place?.column ?? 0) < ($1.place?.line ?? 0, $1.place?.column ?? 0) }
  }
}

// MARK: Built-in templates

extension TemplateSource {
  static let builtInNames = builtIn.map(\.name)

  /// nil: none of that name is built in.
  static func builtIn(_ name: String) -> TemplateSource? {
    builtIn.first { $0.name == name }
  }

  /// Parsed once a process, because they never change.
  private static let builtInTemplates: [String: Template] = Dictionary(
    uniqueKeysWithValues: builtIn.compactMap { source in (try? source.parsed(TemplateFiles(directory: nil))).map { (source.name, $0) } })

  /// The pictures without a template, as templates to start from. Those of the same quality are the same, pixel by pixel.
  private static let builtIn: [TemplateSource] = [
    TemplateSource(
      name: "hd",
      text: """
        {
          "description": "What hd images look like: a gradient with a pattern, the prompt and a watermark",
          "layers": [
            {"fill": "gradient"},
            {"fill": "pattern"},
            {"text": "{prompt}", "place": "title"},
            {"text": "{model} | {time}", "place": "watermark"}
          ]
        }

        """),
    TemplateSource(
      name: "standard",
      text: """
        {
          "description": "What standard images look like: two tints of a colour, the prompt and a watermark",
          "layers": [
            {"fill": "card"},
            {"text": "{prompt}", "place": "title"},
            {"text": "{model} | {time}", "place": "watermark"}
          ]
        }

        """),
  ]
}
