import Drawing
import FastCGI
import ImageStore
import Simulation

// MARK: On the bytes of an image

extension FaultPlan {
  /// Applies the plan to the bytes of an image. Returns nil if there must be no image.
  ///
  /// - Parameter stage: how far the image has been drawn, in a stream. Only the last event of a stream fails.
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

  /// Corrupts the middle of a PNG, where its pixels are. Other formats have no checksums, and decoders show what they can of corrupted
  /// bytes. However, no decoder can show a file that ends within its first frame, so these are cut short.
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
  /// Applies the plan to a response and adds a header that names the fault.
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
      // Without this, nginx would buffer the pieces.
      response.add("X-Accel-Buffering", "no")
    case .malformedJSON: response.body.removeLast((response.body.count + 1) / 2)
    case .emptyBody: response.body = []
    // A stored image. An image within JSON was corrupted before it was encoded.
    case .corruptImage: if let format = response.imageFormat { response.body = Self.corrupted(response.body, format) }
    default: break
    }
  }

  private static let slowDelivery = Response.Delivery.throttled(pieces: 20, pause: .milliseconds(250))

  /// Damages only the last event of a stream, because a client has most to lose there.
  private func damageStream(_ response: inout Response) {
    switch fault {
    case .emptyBody:
      response.continuation = nil
      response.body = []
    // If nginx passes each part on at once, it takes the early end for the regular end of the response. If it buffers the response, it does
    // not.
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
      // Without the empty line, it would not be an event at all.
      event.body += Array("\n\n".utf8)
    case .fewerImages: event.body = []
    case .generationFailed: event.body = ImageStream.failure.body
    default: break
    }
  }
}

extension Response {
  /// Whether the response is a stream of events, or the beginning of one.
  var isStream: Bool { header("Content-Type") == ImageStream.mediaType }

  /// The file format if the response is an image, or a part of one.
  fileprivate var imageFormat: ImageFormat? {
    header("Content-Type").flatMap { type in ImageFormat.allCases.first { type.hasPrefix($0.mediaType) } }
  }

  /// Keeps every cache on the way from storing the response.
  fileprivate mutating func forbidStorage() {
    set("Cache-Control", "no-store")
    // A time in the past, for caches that understand only `Expires` (RFC 9111, section 5.3).
    if header("Expires") != nil { set("Expires", "0") }
  }
}
