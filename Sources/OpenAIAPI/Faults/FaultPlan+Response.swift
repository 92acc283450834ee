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
    if stage == nil, let imageError { throw imageError }
    let file: [UInt8]? =
      switch fault {
      case .missingImage where stage ?? .finished == .finished: nil
      // The event will be an error.
      case .moderation where stage == .finished && imageError != nil: []
      case .corruptImage: Self.corrupted(try draw(), format)
      default: try draw()
      }
    // A file that was cut short has no place for padding. No bytes: the server does not draw.
    guard let bytes, let file, !file.isEmpty, stage ?? .finished == .finished, fault != .corruptImage || format == .png else { return file }
    return Padding.padded(file, as: format, to: bytes)
  }

  /// Corrupts the middle of a PNG's pixels. Other formats have no checksums, and decoders show what they can of corrupted
  /// bytes. However, no decoder can show a file that ends within its first frame, so these are cut short.
  private static func corrupted(_ file: [UInt8], _ format: ImageFormat) -> [UInt8] {
    guard format == .png else { return Array(file.prefix(file.count / 20)) }
    var file = file
    let middle = Self.middleOfPixels(of: file) ?? file.count / 2
    for place in middle..<min(middle + 64, file.count) { file[place] ^= 0xff }
    return file
  }
}

extension FaultPlan {
  /// The middle of a PNG's first IDAT chunk; nil for a part of a file. (A padded file has its middle elsewhere.)
  private static func middleOfPixels(of file: [UInt8]) -> Int? {
    var start = 8
    while start + 12 <= file.count {
      let length = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      if file[start + 4..<start + 8].elementsEqual("IDAT".utf8) { return min(start + 8 + length / 2, file.count) }
      start += 12 + length
    }
    return nil
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
      part.continuation = next.mapped(lastEventDamaged)
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
    default: if let imageError { event.body = ImageStream.failure(imageError).body }
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
