import FoundationEssentials
import Hashing
import SystemCalls

/// The form of image URLs.
package enum ImageURLStyle: String, Sendable, CaseIterable {
  /// `/images/<id>.png`. It leads to the image for as long as the image is stored.
  case plain
  /// With a signed query that expires, as the real API's: its images are in Azure Blob Storage, under URLs with a "user delegation SAS"
  /// (<https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas>).
  case azureBlob = "azure-blob"
}

/// Signs the URLs of images, and checks them.
///
/// The signature is an HMAC-SHA256 over the name of the file and all parameters but itself. As with Azure, their order and the way in which they
/// are escaped do not matter, and further parameters are ignored.
package struct URLSigner: Sendable {
  private let key: [UInt8]
  /// Whether other processes no longer know the key.
  let isLost: @Sendable () -> Bool

  /// - Parameter key: known to all workers that serve the images.
  package init(key: [UInt8], isLost: @escaping @Sendable () -> Bool = { false }) { (self.key, self.isLost) = (key, isLost) }

  /// How long a URL is valid, unless the image expires sooner.
  static let longestLife = Duration.seconds(3600)

  /// The query of a new URL.
  ///
  /// - Parameters:
  ///   - file: `<id>.png`.
  ///   - now: in nanoseconds since 1970.
  ///   - life: how long it is valid; rounded down to whole seconds of the clock. Not positive: it has expired.
  func query(file: String, mediaType: String, now: Int64, life: Duration) -> String {
    // Rounded down, so that the URL never outlives the image.
    let end = (now + Int64(life / .nanoseconds(1))) / WallClock.nanosecondsPerSecond
    // Azure's URLs begin to be valid an hour before they are made, in case the clocks differ.
    let start = Self.time(end - 2 * 3600)
    var values = Self.constants
    values["st"] = start
    values["se"] = Self.time(end)
    values["skt"] = start
    values["ske"] = Self.time(end + 22 * 3600)
    values["rsct"] = mediaType
    values["sig"] = signature(file, values)
    return Self.order.map { "\($0)=\(Self.escaped(values[$0] ?? ""))" }.joined(separator: "&")
  }

  /// - Parameters:
  ///   - query: of the request.
  ///   - file: `<id>.png`.
  ///   - now: in nanoseconds since 1970.
  /// - Returns: when the URL expires, in nanoseconds since 1970.
  func expiry(of query: String, file: Substring, now: Int64) throws(SignatureRefusal) -> Int64 {
    let values = Self.values(in: query)
    let signed = signature(String(file), values)
    guard let given = values["sig"], HMAC.isEqual(Array(given.utf8), Array(signed.utf8)) else {
      throw .mismatch(signed: values["sig"] == nil ? nil : Self.text(String(file), values))
    }
    guard let end = values["se"].flatMap({ try? Date($0, strategy: .iso8601) }) else { throw .mismatch(signed: nil) }
    let expiry = Int64(end.timeIntervalSince1970) * WallClock.nanosecondsPerSecond
    guard now < expiry else { throw .expired(at: expiry) }
    return expiry
  }

  private func signature(_ file: String, _ values: [String: String]) -> String {
    Data(HMAC.code(of: Self.text(file, values).utf8, key: key)).base64EncodedString()
  }

  /// The string to sign: all values that count, in a fixed order. None contains a newline unless somebody has changed it.
  private static func text(_ file: String, _ values: [String: String]) -> String {
    let names = ["skoid", "sktid", "skt", "ske", "sks", "skv", "sv", "sr", "rscd", "rsct"]
    let signed = ["sp", "st", "se"].map { values[$0] ?? "" } + ["/images/\(file)"] + names.map { values[$0] ?? "" }
    return signed.joined(separator: "\n")
  }

  /// In the order of production's URLs.
  private static let order = [
    "st", "se", "sp", "sv", "sr", "rscd", "rsct", "skoid", "sktid", "skt", "ske", "sks", "skv", "sig",
  ]

  /// The ids of a storage account that does not exist.
  private static let constants = [
    "sp": "r", "sv": "2024-08-04", "sr": "b", "rscd": "inline", "sks": "b", "skv": "2024-08-04",
    "skoid": "fa4ea100-0000-4000-8000-00000000b10b", "sktid": "fa4ea100-0000-4000-8000-0000007e4a47",
  ]

  /// The first value of each parameter.
  private static func values(in query: String) -> [String: String] {
    let items = URLComponents(string: "?" + query)?.queryItems ?? []
    return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
  }

  /// `2026-11-22T12:00:00Z`.
  private static func time(_ seconds: Int64) -> String {
    UniversalTime.timestamp(seconds * WallClock.nanosecondsPerSecond).replacing(" ", with: "T") + "Z"
  }

  /// Escapes the characters that production escapes; a value contains no others that need it.
  private static func escaped(_ value: String) -> String {
    let isMediaType = value.hasPrefix("image/")
    return value.utf8.reduce(into: "") { text, byte in
      switch byte {
      case UInt8(ascii: ":"): text += "%3A"
      case UInt8(ascii: "="): text += "%3D"
      case UInt8(ascii: "+"): text += "%2B"
      case UInt8(ascii: "/") where !isMediaType: text += "%2F"
      default: text.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
  }
}
