import ImageStore
import JSON

/// The images that an edit, a variation or an upscale starts from.
struct ImageInputs: Sendable, Equatable {
  var images: [InputImage] = []
  /// Its transparent part is the part of the first image to edit.
  var mask: InputImage?
  /// A drawing over the first image.
  var markup: InputImage?

  /// Number of images that cost tokens.
  var count: Int { images.count }
}

extension ImageInputs {
  /// The media type of a file whose sender named none.
  private static let unnamedType = "application/octet-stream"

  /// Reads the images from a form or from JSON, depending on the request.
  ///
  /// - Parameter checksMediaTypes: whether files must have the media type of an image.
  init(_ operation: ImageOperation, _ parameters: Parameters, _ rules: ModelRules, checksMediaTypes: Bool) throws(APIError) {
    guard operation != .generation else { return }
    // Variations were taken without a type too, until they ended.
    let accepted = operation == .variation ? ModelRules.usualMediaTypes + [Self.unnamedType] : rules.mediaTypes
    let types = checksMediaTypes ? accepted : nil
    images =
      try parameters.isForm || operation == .variation
      ? parameters.files(atMost: rules.inputImages, of: types) : parameters.references(atMost: rules.inputImages)
    // The API checks the media types of images, but takes a mask with any.
    mask = try parameters.image("mask", of: nil)
    markup = try parameters.image("markup", of: types)
  }
}

/// An image of a request, not decoded yet.
enum InputImage: Sendable, Equatable {
  case file(UploadedFile)
  /// A `data:` URL. Decoding one of the API's maximum length takes a while, so it is left to the renderer.
  case dataURL(DataURL)
  /// The ID of a file that was uploaded before. Its content takes the place of the ID before anything is decoded.
  case uploaded(id: String)
  /// The ID of an image in the store, whose content also takes its place.
  case stored(ImageID)
  /// An image given by URL. It is not fetched: a mock that makes outgoing requests would surprise its users.
  case elsewhere

  /// Maximum number of characters in a URL.
  static let longestURL = 20_971_520

  /// The bytes of the file; nil for ``elsewhere``, and for a file that was not read.
  ///
  /// - Throws: why a `data:` URL has no content.
  func bytes() throws(DataURL.Problem) -> ArraySlice<UInt8>? {
    switch self {
    case .elsewhere, .uploaded, .stored: return nil
    case .file(let file): return file.content
    case .dataURL(let url): return try url.content()[...]
    }
  }
}

/// A file in a form.
struct UploadedFile: Sendable, Equatable {
  /// The type that the client declared, which may be wrong: `image/png; charset=binary`. Nil if there is none.
  var mediaType: String?
  /// A slice of the request's body, not a copy.
  var content: ArraySlice<UInt8>

  /// The type in lower case, without parameters (RFC 9110, section 8.3.1). A file without a type may be anything.
  var essence: String {
    let type = (mediaType ?? "").prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
    return type.isEmpty ? "application/octet-stream" : type
  }
}

extension Parameters {
  // MARK: Forms

  /// The images in the form's `image` or `image[]`.
  ///
  /// - Parameter types: the media types that files may have; nil: any.
  func files(atMost maximum: Int, of types: [String]?) throws(APIError) -> [InputImage] {
    switch self["image"] {
    case nil: throw isGiven("images") ? .imagesInForm : .missing("image")
    case .array(let values, let count):
      try checkCount(count, of: "image", maximum)
      return try values.enumerated().map { index, value throws(APIError) in try file("image", at: index, value, types) }
    case .some(let value): return [try file("image", value, types)]
    }
  }

  private func file(_ name: String, at index: Int? = nil, _ value: ParameterValue, _ types: [String]?) throws(APIError) -> InputImage {
    guard case .file(let file) = value else {
      if isLenient, case .text(let text) = value, let image = try link(JSONString(text), name) { return image }
      throw .wrongType(name, expected: name == "image" ? "one of an array of files or file" : "a file", got: value.kind)
    }
    if let types, !types.contains(file.essence) {
      let place = index.map { "\(name)[\($0)]" } ?? name
      // Octet-stream is taken for variations, but the API does not name it.
      throw .unsupportedMediaType(place, file.mediaType ?? file.essence, supported: types.filter { $0.hasPrefix("image/") })
    }
    return .file(file)
  }

  // MARK: JSON

  /// The images in the body's `images`.
  func references(atMost maximum: Int) throws(APIError) -> [InputImage] {
    let name = isLenient && !isGiven("images") && isGiven("image") ? "image" : "images"
    switch self[name] {
    case nil, .null: throw isGiven("image") ? .imageInJSON : .missing("images")
    case .array(let values, let count):
      try checkCount(count, of: name, maximum)
      return try values.enumerated().map { index, value throws(APIError) in try reference("\(name)[\(index)]", value) }
    case .some(let other) where isLenient: return [try reference(name, other)]
    case .some(let other): throw .wrongType("images", expected: "an array of objects", got: other.kind)
    }
  }

  /// `{"image_url": …}` or `{"file_id": …}`.
  func reference(_ name: String, _ value: ParameterValue) throws(APIError) -> InputImage {
    if isLenient, let image = try lenientReference(name, value) { return image }
    guard case .object(let members) = value else { throw .wrongType(name, expected: "an object", got: value.kind) }
    let parameters = Parameters(Dictionary(uniqueKeysWithValues: members.map { ("\(name).\($0.key)", $0.value) }))
    let url = try parameters.longString("\(name).image_url")
    let file = try parameters.string("\(name).file_id")
    guard members.count == 1, (url == nil) != (file == nil) else { throw .notOneReference(name) }
    if let file { return .uploaded(id: file) }
    guard let url else { throw .notOneReference(name) }
    guard let image = try link(url, "\(name).image_url") else { throw .noURL("\(name).image_url") }
    return image
  }

  /// As other servers take it: a string, `{"image_url": {"url": …}}` as in chat completions, or `{"url": …}`. The string is a URL, or base64
  /// without one. Nil for everything else.
  private func lenientReference(_ name: String, _ value: ParameterValue) throws(APIError) -> InputImage? {
    switch value {
    case .string(let text): return try link(text, name)
    case .object(let members):
      for member in ["image_url", "url", "b64_json"] {
        if let inner = members[member], inner != .null { return try lenientReference("\(name).\(member)", inner) }
      }
      return nil
    default: return nil
    }
  }

  /// The image at a URL; nil if the text is no URL.
  func link(_ url: JSONString, _ name: String) throws(APIError) -> InputImage? {
    let length = url.unicodeScalarCount
    guard length <= InputImage.longestURL else { throw .tooLong(name, length: length, maximum: InputImage.longestURL) }
    if let dataURL = DataURL(url.utf8) { return .dataURL(dataURL) }
    if url.utf8.starts(with: "https://".utf8) || url.utf8.starts(with: "http://".utf8) { return .elsewhere }
    return isLenient && Self.isBase64(url.utf8) ? .dataURL(DataURL(base64: url.utf8)) : nil
  }

  /// Whether a text looks like the base64 of an image, by its first bytes: no image is shorter.
  private static func isBase64(_ text: ArraySlice<UInt8>) -> Bool {
    text.count >= 64
      && text.prefix(64).allSatisfy { byte in
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || [0x2b, 0x2f, 0x3d, 0x0a, 0x0d, 0x20].contains(byte)
        }
      }
  }

  // MARK: Both

  /// A single image outside of the list: a mask or a markup.
  func image(_ name: String, of types: [String]?) throws(APIError) -> InputImage? {
    switch self[name] {
    case nil, .null: nil
    case .array(let values, _) where isLenient && isForm && !values.isEmpty: try file(name, values[0], types)
    case .some(let value): isForm ? try file(name, value, types) : try reference(name, value)
    }
  }

  private func checkCount(_ count: Int, of name: String, _ maximum: Int) throws(APIError) {
    if count == 0 { throw .emptyArray(name) }
    if count > maximum { throw .longArray(name, count: count, maximum: maximum) }
  }
}
