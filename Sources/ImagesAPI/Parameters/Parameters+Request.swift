import FastCGI

extension Parameters {
  /// Reads the request's body as what it says it is.
  init(of request: Request, _ operation: ImageOperation) throws(APIError) {
    let body = try Self.bytes(of: request)
    let type = request.contentType
    let mediaType = type.map(Self.mediaType) ?? operation.mediaTypes[0]
    guard operation.mediaTypes.contains(mediaType) else { throw .unsupportedContentType(type ?? "", accepted: operation.mediaTypes) }
    if mediaType == ImageOperation.form { try self.init(form: body, contentType: type ?? "") } else { try self.init(json: body) }
  }

  static func bytes(of request: Request) throws(APIError) -> [UInt8] {
    switch request.body {
    case .whole(let bytes): bytes
    case .incomplete(let received, let announced): throw .incompleteBody(received: received, announced: announced)
    case .tooLarge(let announced, let limit): throw .bodyTooLarge(announced: announced, limit: limit)
    case .lengthUnreadable(let value): throw .lengthUnreadable(value)
    }
  }

  /// `application/json` of ` Application/JSON ; charset=utf-8`.
  private static func mediaType(_ contentType: String) -> String { contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " } }
}
