/// A file of a form.
struct UploadedFile: Sendable, Equatable {
  /// As the client said, which need not be true: `image/png`. Nil where it said nothing.
  var mediaType: String?
  /// A part of the request's body, not a copy of it.
  var content: ArraySlice<UInt8>
}
