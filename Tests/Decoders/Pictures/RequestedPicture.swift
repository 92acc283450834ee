import Drawing
import ImageGeneration
import JSON
import Templates

/// What to draw.
struct RequestedPicture {
  let description: PictureDescription
  let template: Template?

  /// Reads `{"prompt": "A lake", "size": "1024x1024"}`, and, unless they are the usual ones, `quality`, `style`, `index`, `transparent`,
  /// `pattern`, `squares` (of a partial image) and `template`. A `direction` of the gradient takes the place of the index.
  init(_ line: String) throws {
    let json = try JSONValue(parsing: Array(line.utf8)).object ?? .empty
    func name<Name: RawRepresentable<String>>(_ member: String) throws -> Name? {
      guard let text = json.given(member)?.text else { return nil }
      guard let name = Name(rawValue: text) else { throw UnknownRequest(line: line) }
      return name
    }
    guard let size = json.given("size")?.text.flatMap({ PictureSize($0) }) else { throw UnknownRequest(line: line) }
    var description = PictureDescription(
      prompt: json.given("prompt")?.text ?? "", model: "dall-e-3", size: size, quality: try name("quality") ?? .standard,
      style: try name("style") ?? .vivid, index: json.given("index")?.integer ?? 0,
      isTransparent: json.given("transparent") == .boolean(true))
    description.pattern = try name("pattern")
    if let squares = json.given("squares")?.integer { description.stage = .coarse(squares: squares) }
    template = try json.given("template")?.text.map { try TemplateLibrary().template($0) }
    description.template = template?.name
    if let direction = json.given("direction")?.text {
      // Consecutive images of a request have each direction once.
      let indices = 0..<Gradient.Direction.allCases.count
      guard let index = indices.first(where: { description.direction(at: $0).map { "\($0)" } == direction }) else {
        throw UnknownRequest(line: line)
      }
      description.index = index
    }
    self.description = description
  }

  /// What the renderer is asked for.
  var job: ImageJob {
    var job = ImageJob(
      prompt: description.prompt, model: description.model, size: description.size, quality: description.quality, style: description.style,
      isTransparent: description.isTransparent)
    job.pattern = description.pattern
    job.template = template.map { ($0, TemplateWords()) }
    return job
  }
}

extension PictureDescription {
  /// The direction of the gradient that another image of the same request has; nil if it has none.
  fileprivate func direction(at index: Int) -> Gradient.Direction? {
    var other = self
    other.index = index
    guard case .gradient(let gradient) = Placeholder(other, timestamp: "").background else { return nil }
    return gradient.direction
  }
}

struct UnknownRequest: Error {
  let line: String
}
