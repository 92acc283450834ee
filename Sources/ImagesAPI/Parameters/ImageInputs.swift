/// The images that an edit or a variation begins with.
struct ImageInputs: Sendable, Equatable {
  var images: [InputImage] = []
  /// Which part of the first image to edit: where it is transparent.
  var mask: InputImage?
  /// What somebody has drawn over the first image.
  var markup: InputImage?

  /// How many images cost tokens.
  var count: Int { images.count }
}

extension ImageInputs {
  /// Reads them from a form or from JSON, as the request has come.
  ///
  /// - Parameter checksMediaTypes: whether files must say that they are images.
  init(_ operation: ImageOperation, _ parameters: Parameters, _ rules: ModelRules, checksMediaTypes: Bool) throws(APIError) {
    guard operation != .generation else { return }
    images =
      try parameters.isForm || operation == .variation
      ? parameters.files(atMost: rules.inputImages, checksMediaTypes: checksMediaTypes) : parameters.references(atMost: rules.inputImages)
    mask = try parameters.image("mask", checksMediaTypes: checksMediaTypes)
    markup = try parameters.image("markup", checksMediaTypes: checksMediaTypes)
  }
}
