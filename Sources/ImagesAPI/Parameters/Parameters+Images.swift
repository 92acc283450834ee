import JSON

extension Parameters {
  /// The media types of images that are taken.
  private static let mediaTypes = ["image/jpeg", "image/png", "image/webp"]

  // MARK: Forms

  /// The form's `image` or `image[]`.
  func files(atMost maximum: Int, checksMediaTypes: Bool) throws(APIError) -> [InputImage] {
    switch self["image"] {
    case nil: throw isGiven("images") ? .imagesInForm : .missing("image")
    case .array(let values, let count):
      try checkCount(count, of: "image", maximum)
      return try values.map { value throws(APIError) in try file("image", value, checksMediaTypes) }
    case .some(let value): return [try file("image", value, checksMediaTypes)]
    }
  }

  private func file(_ name: String, _ value: ParameterValue, _ checksMediaTypes: Bool) throws(APIError) -> InputImage {
    guard case .file(let file) = value else {
      throw .wrongType(name, expected: name == "image" ? "one of an array of files or file" : "a file", got: value.kind)
    }
    if checksMediaTypes, !Self.mediaTypes.contains(file.mediaType ?? "") {
      throw .unsupportedMediaType(name, file.mediaType ?? "", supported: Self.mediaTypes)
    }
    return .file(file)
  }

  // MARK: JSON

  /// The body's `images`.
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

  /// A single image beside the others.
  func image(_ name: String, checksMediaTypes: Bool) throws(APIError) -> InputImage? {
    switch self[name] {
    case nil, .null: nil
    case .some(let value): isForm ? try file(name, value, checksMediaTypes) : try reference(name, value)
    }
  }

  private func checkCount(_ count: Int, of name: String, _ maximum: Int) throws(APIError) {
    if count == 0 { throw .emptyArray(name) }
    if count > maximum { throw .longArray(name, count: count, maximum: maximum) }
  }
}
