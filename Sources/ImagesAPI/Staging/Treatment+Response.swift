import FastCGI
import ImageStore
import Simulation

extension Response {
  /// Tells every cache on the way that this answer is for this client alone.
  fileprivate mutating func forbidStorage() {
    set("Cache-Control", "no-store")
    // In the past, for a cache that reads nothing newer (RFC 9111, section 5.3).
    if header("Expires") != nil { set("Expires", "0") }
  }

  /// Of an image, or part of one: what kind of file it is.
  fileprivate var imageType: ContentType? {
    header("Content-Type").flatMap { type in ContentType.allCases.first { type.hasPrefix($0.mediaType) } }
  }
}

extension Treatment {
  /// The response with what was done to it written on it, and its time.
  func marked(_ response: Response) -> Response {
    var response = response
    if let fault {
      response.add("X-FakeAI-Fault", fault.rawValue)
      response.forbidStorage()
    }
    if !rules.isEmpty { response.add("X-FakeAI-Rule", rules.joined(separator: ", ")) }
    response.due = response.due ?? due
    return response
  }

  /// The response as a fault of its body leaves it.
  func spoilt(_ response: Response) -> Response {
    guard !response.isStream else { return spoiltStream(response) }
    var response = response
    switch fault {
    case .truncate: response.delivery = .truncated(after: response.body.count / 2)
    case .slowBody:
      response.delivery = Self.slowDelivery
      // nginx would otherwise gather the pieces.
      response.add("X-Accel-Buffering", "no")
    case .malformedJSON: response.body.removeLast((response.body.count + 1) / 2)
    case .emptyBody: response.body = []
    case .corruptImage: if let type = response.imageType { response.body = spoilt(response.body, type) }
    default: break
    }
    return response
  }

  static let slowDelivery = Response.Delivery.throttled(pieces: 20, pause: .milliseconds(250))

  /// The file of an image as a fault of images leaves it: a PNG with broken bytes in the middle, where its pixels are. Other files have no
  /// checksums, and decoders show what they can of broken bytes; but none can show a file that ends within its first frame.
  func spoilt(_ file: [UInt8], _ type: ContentType) -> [UInt8] {
    guard fault == .corruptImage else { return file }
    guard type == .png else { return Array(file.prefix(file.count / 20)) }
    var file = file
    let middle = file.count / 2
    for place in middle..<min(middle + 64, file.count) { file[place] ^= 0xff }
    return file
  }
}
