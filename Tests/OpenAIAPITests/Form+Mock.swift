import FastCGI

/// A part of a form.
typealias FormPart = (name: String, filename: String?, content: [UInt8])

extension ServiceFixture {
  private static let boundary = "a-boundary"

  /// Sends a form with these parts.
  func postForm(_ parts: [FormPart], to path: String, _ variables: [String: String] = [:]) -> Response {
    let usual = ["CONTENT_TYPE": "multipart/form-data; boundary=\(Self.boundary)"]
    return send(
      Request(method: "POST", path: path, variables: CGIParameters(usual.merging(variables) { $1 }), body: .whole(Self.form(parts))))
  }

  private static func form(_ parts: [FormPart]) -> [UInt8] {
    parts.flatMap { part in
      let filename = part.filename.map { "; filename=\"\($0)\"" } ?? ""
      return Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(filename)\r\n\r\n".utf8) + part.content + [
        13, 10,
      ]
    } + Array("--\(boundary)--\r\n".utf8)
  }
}
