import JSON

/// The images that an edit or a variation starts from.
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
  /// Reads the images from a form or from JSON, depending on the request.
  ///
  /// - Parameter checksMediaTypes: whether files must have the media type of an image.
  init(_ operation: ImageOperation, _ parameters: Parameters, _ rules: ModelRules, checksMediaTypes: Bool) throws(APIError) {
    guard operation != .generation else { return }
    let types = checksMediaTypes ? (operation == .edit && rules.wantsSquarePNG ? ["image/png"] : Parameters.mediaTypes) : nil
    images =
      try parameters.isForm || operation == .variation
      ? parameters.files(atMost: rules.inputImages, mediaTypes: types) : parameters.references(atMost: rules.inputImages)
    // The API checks the media types of images, but takes a mask with any.
    mask = try parameters.image("mask", mediaTypes: nil)
    markup = try parameters.image("markup", mediaTypes: types)
  }
}

/// An image of a request, not decoded yet.
enum InputImage: Sendable, Equatable {
  case file(UploadedFile)
  /// A `data:` URL. Decoding one of the API's maximum length takes a while, so it is left to the renderer.
  case dataURL(DataURL)
  /// An image given by URL or by the ID of a file. It is not fetched: a mock that makes outgoing requests would surprise its users.
  case elsewhere

  /// Maximum number of characters in a URL.
  static let longestURL = 20_971_520

  /// The bytes of the file; nil for ``elsewhere``.
  ///
  /// - Throws: why a `data:` URL has no content.
  func bytes() throws(DataURL.Problem) -> ArraySlice<UInt8>? {
    switch self {
    case .elsewhere: return nil
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
  /// The accepted media types.
  fileprivate static let mediaTypes = ["image/jpeg", "image/png", "image/webp"]

  // MARK: Forms

  /// The images in the form's `image` or `image[]`.
  ///
  /// - Parameter mediaTypes: the accepted types; nil if they are not checked.
  func files(atMost maximum: Int, mediaTypes: [String]?) throws(APIError) -> [InputImage] {
    switch self["image"] {
    case nil: throw isGiven("images") ? .imagesInForm : .missing("image")
    case .array(let values, let count):
      try checkCount(count, of: "image", maximum)
      return try values.map { value throws(APIError) in try file("image", value, mediaTypes) }
    case .some(let value): return [try file("image", value, mediaTypes)]
    }
  }

  private func file(_ name: String, _ value: ParameterValue, _ mediaTypes: [String]?) throws(APIError) -> InputImage {
    guard case .file(let file) = value else {
      throw .wrongType(name, expected: name == "image" ? "one of an array of files or file" : "a file", got: value.kind)
    }
    if let mediaTypes, !mediaTypes.contains(file.essence) {
      throw .unsupportedMediaType(name, file.mediaType ?? file.essence, supported: mediaTypes)
    }
    return .file(file)
  }

  // MARK: JSON

  /// The images in the body's `images`.
  func references(atMost maximum: Int) throws(APIError) -> [InputImage] {
    switch self["images"] {
    case nil, .null: throw isGiven("image") ? .imageInJSON : .missing("images")
    case .array(let values, let count):
      try checkCount(count, of: "images", maximum)
      return try values.enumerated().map { index, value throws(APIError) in try reference("images[\(index)]", value) }
    case .some(let other): throw .wrongType("images", expected: "an array of objects", got: other.kind)
    }
  }

  /// `{"image_url": …}` or `{"file_id": …}`.
  private func reference(_ name: String, _ value: ParameterValue) throws(APIError) -> InputImage {
    guard case .object(let members) = value else { throw .wrongType(name, expected: "an object", got: value.kind) }
    let parameters = Parameters(Dictionary(uniqueKeysWithValues: members.map { ("\(name).\($0.key)", $0.value) }))
    let url = try parameters.longString("\(name).image_url")
    let file = try parameters.string("\(name).file_id")
    guard members.count == 1, (url == nil) != (file == nil) else { throw .notOneReference(name) }
    guard let url else { return .elsewhere }
    let length = url.unicodeScalarCount
    guard length <= InputImage.longestURL else {
      throw .tooLong("\(name).image_url", length: length, maximum: InputImage.longestURL)
    }
    if let dataURL = DataURL(url.utf8) { return .dataURL(dataURL) }
    guard url.utf8.starts(with: "https://".utf8) || url.utf8.starts(with: "http://".utf8) else { throw .noURL("\(name).image_url") }
    return .elsewhere
  }

  // MARK: Both

  /// A single image outside of the list: a mask or a markup.
  func image(_ name: String, mediaTypes: [String]?) throws(APIError) -> InputImage? {
    switch self[name] {
    case nil, .null: nil
    case .some(let value): isForm ? try file(name, value, mediaTypes) : try reference(name, value)
    }
  }

  private func checkCount(_ count: Int, of name: String, _ maximum: Int) throws(APIError) {
    if count == 0 { throw .emptyArray(name) }
    if count > maximum { throw .longArray(name, count: count, maximum: maximum) }
  }
}
