import FoundationEssentials
import Hashing
import JSON
import ObjectStore

/// An endpoint of a client, which is told of events.
struct WebhookEndpoint: Sendable, Equatable {
  var id: String
  var name: String
  var url: String
  var eventTypes: [String]
  /// Seconds since 1970.
  var created: Int
  var updated: Int
  /// `whsec_` and base64.
  var secret: String
  /// The secret before the last rotation, and until when it signs too, in seconds since 1970.
  var oldSecret: String?
  var oldSecretEnd = 0

  /// Nanoseconds that an endpoint stays from its last change: ten years.
  static let life: Int64 = 3650 * 86_400 * 1_000_000_000

  static func newSecret() -> String { secretPrefix + Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString() }

  private static let secretPrefix = "whsec_"

  /// The endpoint as clients see it.
  ///
  /// - Parameter showsSecret: only where it is new.
  func json(showsSecret: Bool = false) -> JSONText { .object(members + (showsSecret ? [("signing_secret", .string(secret))] : [])) }

  private var members: [JSONMember] {
    [
      ("id", .string(id)), ("object", "webhook_endpoint"), ("name", .string(name)), ("url", .string(url)),
      ("event_types", .strings(eventTypes)), ("created_at", .integer(created)), ("updated_at", .integer(updated)),
      ("signing_secret_hint", .string("\(Self.secretPrefix)…\(secret.suffix(4))")),
    ]
  }

  var document: [UInt8] {
    let own: [JSONMember] = [
      ("signing_secret", .string(secret)), ("old_secret", .orNull(oldSecret)), ("old_secret_end", .integer(oldSecretEnd)),
    ]
    return JSONText.object(members + own).compactBytes
  }

  /// The values of the three headers by which a client checks a delivery (<https://www.standardwebhooks.com>).
  ///
  /// - Parameters:
  ///   - id: of the event.
  ///   - now: seconds since 1970.
  func signature(of id: String, _ body: [UInt8], now: Int) -> [(name: String, value: String)] {
    let secrets = [secret] + (now < oldSecretEnd ? [oldSecret].compactMap { $0 } : [])
    let text = Array("\(id).\(now).".utf8) + body
    let codes = secrets.map { secret in
      let key = Data(base64Encoded: String(secret.dropFirst(Self.secretPrefix.utf8.count))).map { [UInt8]($0) } ?? []
      return "v1," + Data(HMAC.code(of: text, key: key)).base64EncodedString()
    }
    return [("webhook-id", id), ("webhook-timestamp", "\(now)"), ("webhook-signature", codes.joined(separator: " "))]
  }
}

extension WebhookEndpoint {
  /// - Returns: nil for bytes that are no stored endpoint.
  init?(document: [UInt8]) {
    guard case .object(let members)? = try? JSONValue(parsing: document) else { return nil }
    let body = JSONBody(members: members)
    do throws(APIError) {
      let any = 0...Int.max
      self.init(
        id: try body.requiredString("id"), name: try body.string("name") ?? "", url: try body.requiredString("url"),
        eventTypes: try body.strings("event_types") ?? [], created: try body.integer("created_at", in: any) ?? 0,
        updated: try body.integer("updated_at", in: any) ?? 0, secret: try body.requiredString("signing_secret"),
        oldSecret: try body.string("old_secret"), oldSecretEnd: try body.integer("old_secret_end", in: any) ?? 0)
    } catch {
      return nil
    }
  }
}
