import Multipart

/// The form of POST /v1/files. Its parts may come in any order.
struct FileUpload: Sendable {
  var filename: String
  var mediaType: String
  var content: ArraySlice<UInt8>
  var purpose: String
  /// Seconds for which the file is kept; nil: it stays.
  var lifetime: Int?

  /// What a file may be uploaded for.
  static let purposes = ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"]
  /// In seconds.
  static let lifetimes = 3600...2_592_000
  /// Seconds for which a file is kept whose upload does not say; nil: it stays.
  static func usualLifetime(for purpose: String) -> Int? { purpose == "batch" ? lifetimes.upperBound : nil }
  private static let longestFilename = 255

  init(_ form: MultipartForm, isStrict: Bool) throws(APIError) {
    let parts = Dictionary(grouping: form.parts, by: \.name)
    for (name, values) in parts.sorted(by: { $0.key < $1.key }) {
      guard Self.names.contains(name) else {
        if isStrict { throw .unknownParameter(name) }
        continue
      }
      if values.count > 1 { throw .duplicate(name) }
    }
    guard let file = parts["file"]?.first else { throw .missing("file") }
    purpose = try Self.purpose(parts["purpose"]?.first)
    guard file.isFile else { throw .wrongType("file", expected: "a file", got: "a string") }
    filename = try Self.filename(file.filename ?? "")
    mediaType = FileMediaType.of(filename, declared: file.contentType)
    content = file.content
    lifetime = try Self.lifetime(parts) ?? Self.usualLifetime(for: purpose)
  }

  /// The name under which a file is kept.
  ///
  /// - Parameter sent: the name, or, from some clients, a path.
  static func filename(_ sent: String) throws(APIError) -> String {
    let name = sent.split(omittingEmptySubsequences: true) { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
    let length = name.unicodeScalars.count
    guard length <= longestFilename else { throw .tooLong("filename", length: length, maximum: longestFilename) }
    return name.isEmpty ? "upload" : name
  }

  private static let names: Set = ["file", "purpose", anchor, seconds]
  private static let anchor = "expires_after[anchor]"
  private static let seconds = "expires_after[seconds]"

  private static func purpose(_ part: MultipartPart?) throws(APIError) -> String {
    guard let part else { throw .missing("purpose") }
    let purpose = try text(of: part)
    guard purposes.contains(purpose) else { throw .unsupportedPurpose(purpose) }
    return purpose
  }

  private static func lifetime(_ parts: [String: [MultipartPart]]) throws(APIError) -> Int? {
    guard let seconds = parts[Self.seconds]?.first else {
      guard parts[anchor] == nil else { throw .missing(Self.seconds) }
      return nil
    }
    guard let anchor = parts[Self.anchor]?.first else { throw .missing(Self.anchor) }
    let start = try text(of: anchor)
    guard start == "created_at" else { throw .unsupportedValue(Self.anchor, start, supported: ["created_at"]) }
    return try Parameters([Self.seconds: .text(text(of: seconds))]).integer(Self.seconds, in: lifetimes)
  }

  private static func text(of part: MultipartPart) throws(APIError) -> String {
    guard let text = part.text else { throw .unreadableForm("the content of '\(part.name)' is not UTF-8") }
    return text
  }
}

/// The media types of files by the ends of their names.
enum FileMediaType {
  /// The declared type, unless it says nothing.
  static func of(_ filename: String, declared: String?) -> String {
    let declared = declared?.lowercased().filter { $0 != " " } ?? ""
    guard declared.isEmpty || declared.hasPrefix(FileObject.unknownMediaType) else { return declared }
    let end = filename.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last.map { $0.lowercased() } ?? ""
    return known[end] ?? FileObject.unknownMediaType
  }

  private static let known = [
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif", "svg": "image/svg+xml",
    "pdf": "application/pdf", "json": "application/json", "jsonl": "application/jsonl", "txt": "text/plain", "csv": "text/csv",
  ]
}
