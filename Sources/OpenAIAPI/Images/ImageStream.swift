import Drawing
import FastCGI
import ImageGeneration
import JSON
import SystemCalls

/// A response as a stream of server-sent events: the requested partial images, then the finished image, and so on for each image.
///
/// Each event is drawn when the previous one has been sent. Several streams therefore take turns at the renderer, and a stream ends if its
/// client leaves.
struct ImageStream: Sendable {
  var request: ImageRequest
  /// Seconds since 1970.
  var clock: @Sendable () -> Int
  /// Draws one of the images at a stage.
  /// - Returns: the file in base64; nil if there is none.
  var draw: @Sendable (_ index: Int, RenderStage) throws(APIError) -> String?
  /// The duration of the whole stream from ``start`` on; used to simulate latency.
  var duration = Duration.zero
  var start = Instant.now

  static let mediaType = "text/event-stream"

  /// The first event; the others follow as its continuation.
  /// - Throws: an error if the first event cannot be drawn.
  func response() throws(APIError) -> Response {
    try Self.begun(with: part(0))
  }

  /// The first part of a stream, with the headers of the whole.
  static func begun(with part: Response) -> Response {
    var response = part
    // Makes nginx pass on each event at once. By default it does so only over a kept connection, and that of a second attempt is not kept.
    let headers = [("Content-Type", Self.mediaType), ("Cache-Control", "no-cache"), ("X-Accel-Buffering", "no")]
    for (name, value) in headers { response.add(name, value) }
    return response
  }

  /// Number of events per image.
  private var eventsEach: Int { 1 + (request.partialImages ?? 0) }

  private func part(_ number: Int) throws(APIError) -> Response {
    let (image, state) = number.quotientAndRemainder(dividingBy: eventsEach)
    let isFinished = state == eventsEach - 1
    var part = Response(body: Array((isFinished ? try completed(image) : try partial(image, state)).utf8))
    let count = request.n * eventsEach
    if duration > .zero { part.due = start + duration * (number + 1) / count }
    if number + 1 < count {
      part.continuation = Work {
        do throws(APIError) { return try self.part(number + 1) } catch { return Self.failure(.generationFailed) }
      }
    }
    return part
  }

  private func partial(_ image: Int, _ state: Int) throws(APIError) -> String {
    let picture = try picture(image, .partial(state, of: eventsEach - 1))
    return event("partial_image", [("partial_image_index", .integer(state)), picture, ("created_at", .integer(clock()))])
  }

  private func completed(_ image: Int) throws(APIError) -> String {
    let picture = try picture(image, .finished)
    var one = request
    one.n = 1
    let usage = ImageUsage(one).json(withOutputDetails: false)
    return event("completed", [picture, ("created_at", .integer(clock())), ("usage", usage)], request.answeredSafetyIdentifier)
  }

  private func picture(_ image: Int, _ stage: RenderStage) throws(APIError) -> JSONMember {
    ("b64_json", try draw(image, stage).map { .verbatim("\"\($0)\"") } ?? .null)
  }

  private func event(_ name: String, _ members: [JSONMember], _ last: [JSONMember] = []) -> String {
    let type = "\(request.operation.rawValue).\(name)"
    let told: [JSONMember] = [
      ("size", .string(request.size.description)), ("quality", .string(request.quality.answered)),
      ("background", request.answeredBackground), ("output_format", .string(request.output.name)),
    ]
    return Self.event(type, .object([("type", .string(type))] + members + told + last))
  }

  static func event(_ type: String, _ data: JSONText) -> String { "event: \(type)\ndata: \(data.compact)\n\n" }

  /// The last event of a stream in which an image could not be drawn or must not be shown.
  static func failure(_ error: APIError) -> Response {
    let data: [JSONMember] = [("type", .string("error")), ("error", error.eventObject)]
    return Response(body: Array(event("error", .object(data)).utf8))
  }
}

extension APIError {
  /// The error as events and failed calls show it.
  var eventObject: JSONText {
    let members: [JSONMember] = [
      ("type", .string(type.rawValue)), ("code", code.map(JSONText.string) ?? .null), ("message", .string(message)),
      ("param", param.map(JSONText.string) ?? .null),
    ]
    return .object(members + moderationDetails)
  }
}
