import FastCGI
import SystemCalls

/// Why a signed URL does not lead to its image. The response is Azure's: 403 with XML.
enum SignatureRefusal: Error, Equatable {
  /// The signature is wrong or missing. `signed` is the string that it should be of, as Azure reports it; nil if there is no signature.
  case mismatch(signed: String?)
  /// - Parameter at: in nanoseconds since 1970.
  case expired(at: Int64)

  /// - Parameter now: in nanoseconds since 1970.
  func response(now: Int64) -> Response {
    let id = Self.requestID()
    let text = """
      <?xml version="1.0" encoding="utf-8"?><Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request. \
      Make sure the value of Authorization header is formed correctly including the signature.
      RequestId:\(id)
      Time:\(UniversalTime.iso8601(now).dropLast())0000Z</Message><AuthenticationErrorDetail>\(Self.escaped(detail(now)))\
      </AuthenticationErrorDetail></Error>
      """
    return Response(
      status: 403,
      headers: [
        ("Content-Type", "application/xml"), ("x-ms-error-code", "AuthenticationFailed"), ("x-ms-request-id", id),
        ("x-ms-version", "2024-08-04"), ("X-Content-Type-Options", "nosniff"),
      ], body: Array(text.utf8))
  }

  /// In Azure's words, which call the present "signed start time".
  private func detail(_ now: Int64) -> String {
    switch self {
    case .mismatch(nil): "Signature did not match."
    case .mismatch(let signed?): "Signature did not match. String to sign used was \(signed)"
    case .expired(let end):
      "Signed expiry time [\(UniversalTime.httpDate(end))] must be after signed start time [\(UniversalTime.httpDate(now))]"
    }
  }

  /// `2f0d1a45-401e-0012-0f3c-5d1e6a000000`.
  private static func requestID() -> String {
    var digits = Substring(APIService.randomHexadecimal())
    let groups = [8, 4, 4, 4, 12].map { length in
      defer { digits = digits.dropFirst(length) }
      return String(digits.prefix(length))
    }
    return groups.joined(separator: "-")
  }

  /// The text may contain what a client sent. Control characters are not allowed in XML, not even escaped.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n", "\u{20}"..."\u{7e}", "\u{a0}"..."\u{d7ff}", "\u{e000}"..."\u{fffd}", "\u{10000}"..."\u{10ffff}":
        result.unicodeScalars.append(scalar)
      default: result += "?"
      }
    }
  }
}
