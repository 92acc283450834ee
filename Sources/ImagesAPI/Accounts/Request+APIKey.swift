package import FastCGI
import FoundationEssentials

extension Request {
  /// The key that came with the request: `Authorization: Bearer <key>`, the password of `Authorization: Basic …`, or Azure's `api-key`.
  package var apiKey: String? {
    guard let authorization = header("Authorization") else { return header("api-key").flatMap(Self.nonEmpty) }
    let words = authorization.split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return nil }
    switch words[0].lowercased() {
    case "bearer": return Self.nonEmpty(words[1])
    case "basic": return Data(base64Encoded: String(words[1])).flatMap { Self.password(in: String(decoding: $0, as: UTF8.self)) }
    default: return nil
    }
  }

  private static func password(in credentials: String) -> String? {
    credentials.firstIndex(of: ":").flatMap { nonEmpty(credentials[$0...].dropFirst()) }
  }

  private static func nonEmpty(_ text: some StringProtocol) -> String? {
    let key = text.filter { $0 != " " }
    return key.isEmpty ? nil : String(key)
  }
}
