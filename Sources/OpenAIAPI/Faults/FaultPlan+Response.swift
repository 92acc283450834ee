import Drawing
import FastCGI
import ImageStore
import Simulation

// MARK: On the bytes of an image

extension FaultPlan {
  /// The bytes of an image as the plan leaves them, or nil if there is to be no image.
  ///
  /// - Parameter stage: how far the image has come, in a stream; of which only the last event fails.
  func image(
    _ format: ImageFormat, streamedAt stage: RenderStage? = nil, draw: () throws(APIError) -> [UInt8]
  ) throws(APIError) -> [UInt8]? {
    switch fault {
    case .generationFailed where stage == nil: throw .generationFailed
    case .missingImage where stage ?? .finished == .finished: nil
    case .corruptImage: Self.corrupted(try draw(), format)
    default: try draw()
    }
  }

  /// A PNG with broken bytes in the middle, where its pixels are. Other files have no checksums, and decoders show what they can of broken bytes;
  /// but none can show a file that ends within its first frame.
  private static func corrupted(_ file: [UInt8], _ format: ImageFormat) -> [UInt8] {
    guard format == .png else { return Array(file.prefix(file.count / 20)) }
    var file = file
    let middle = file.count / 2
    for place in middle..<min(middle + 64, file.count) { file[place] ^= 0xff }
    return file
  }
}

// MARK: On the body and on the wire

extension FaultPlan {
  /// Does to a response what the plan says, and marks it with that.
  func apply(to response: inout Response) {
    if response.isStream { damageStream(&response) } else { damage(&response) }
    if let fault {
      response.add("X-FakeAI-Fault", fault.rawValue)
      response.forbidStorage()
    }
    if !rules.isEmpty { response.add("X-FakeAI-Rule", rules.joined(separator: ", ")) }
  }

  private func damage(_ response: inout Response) {
    switch fault {
    case .truncate: response.delivery = .truncated(after: response.body.count / 2)
    case .slowBody:
      response.delivery = Self.slowDelivery
      // nginx would otherwise gather the pieces.
      response.add("X-Accel-Buffering", "no")
    case .malformedJSON: response.body.removeLast((response.body.count + 1) / 2)
    case .emptyBody: response.body = []
    // A stored image. One in JSON was corrupted before it was encoded.
    case .corruptImage: if let format = response.imageFormat { response.body = Self.corrupted(response.body, format) }
    default: break
    }
  }

  private static let slowDelivery = Response.Delivery.throttled(pieces: 20, pause: .milliseconds(250))

  /// All of a stream comes as it should but the last event, for that is where a client has most to lose.
  private func damageStream(_ response: inout Response) {
    switch fault {
    case .emptyBody:
      response.continuation = nil
      response.body = []
    // If nginx passes on each part at once, it takes the early end of a response for the end of it. If it gathers them it does not.
    case .truncate: response.set("X-Accel-Buffering", "yes")
    default: break
    }
    response = lastEventDamaged(response)
  }

  private func lastEventDamaged(_ part: Response) -> Response {
    var part = part
    if let next = part.continuation {
      part.continuation = { lastEventDamaged(next()) }
    } else {
      damageLastEvent(&part)
    }
    return part
  }

  private func damageLastEvent(_ event: inout Response) {
    switch fault {
    case .truncate: event.delivery = .truncated(after: event.body.count / 2)
    case .slowBody: event.delivery = Self.slowDelivery
    case .malformedJSON:
      event.body.removeLast((event.body.count + 1) / 2)
      // Without the empty line, it would be no event at all.
      event.body += Array("\n\n".utf8)
    case .fewerImages: event.body = []
    case .generationFailed: event.body = ImageStream.failure.body
    default: break
    }
  }
}

extension Response {
  /// Whether it is, or begins, a stream of events.
  var isStream: Bool { header("Content-Type") == ImageStream.mediaType }

  /// Of an image, or part of one: what kind of file it is.
  fileprivate var imageFormat: ImageFormat? {
    header("Content-Type").flatMap { type in ImageFormat.allCases.first { type.hasPrefix($0.mediaType) } }
  }

  /// Makes every cache on the way leave the response to this client alone.
  fileprivate mutating func forbidStorage() {
    set("Cache-Control", "no-store")
    // In the past, for a cache that reads nothing newer (RFC 9111, section 5.3).
    if header("Expires") != nil { set("Expires", "0") }
  }
}
