import FastCGI
import JSON
import ObjectStore
import SystemCalls

/// A response as a stream of events. Each part of it is made when the previous one has been sent, and is due at its share of the latency.
///
/// The events follow from the document alone, so that a stream can be read again, or resumed after any of its events.
struct ResponseStream: Sendable {
  let document: ResponseDocument
  let pictures: ResponsePictures
  let events: ResponseEvents
  /// The number of the first event to send.
  var first = 0
  let start: Instant
  let duration: Duration
  private let parts: [ResponseEvents.Part]

  /// - Parameters:
  ///   - isObfuscated: see ``ResponseRequest/isObfuscated``.
  ///   - start: when the response was created.
  init(
    _ document: ResponseDocument, _ pictures: ResponsePictures, isObfuscated: Bool, from start: Instant,
    over duration: Duration
  ) {
    (self.document, self.pictures, self.start, self.duration) = (document, pictures, start, duration)
    events = ResponseEvents(document, isObfuscated: isObfuscated)
    parts = events.parts
  }

  /// The first part, with the headers of the stream.
  func begin() -> Work.Step { part(0, of: parts, number: 0) { .finished(ImageStream.begun(with: $0)) } }

  /// - Parameters:
  ///   - index: among the parts.
  ///   - number: of the part's first event.
  private func part(
    _ index: Int, of parts: [ResponseEvents.Part], number: Int, finish: @escaping @Sendable (Response) -> Work.Step
  ) -> Work.Step {
    let part = parts[index]
    let next = number + events.count(of: part)
    // Sent before.
    if next <= first, index + 1 < parts.count { return self.part(index + 1, of: parts, number: next, finish: finish) }
    return make(part) { result in
      switch result {
      case .success(let texts):
        var response = response(texts, number, at: index)
        if index + 1 < parts.count { response.continuation = Work(inOneStep: { self.goOn(to: index + 1, number: next) }) }
        return finish(response)
      case .failure(let error): return finish(response([events.error(error)], number, at: index))
      }
    }
  }

  /// Goes on with a part. A background response may be cancelled before that is due, so its stream looks from time to time, and sends nothing then.
  ///
  /// - Parameters:
  ///   - number: of the part's first event.
  ///   - looks: how often the stream has looked.
  private func goOn(to index: Int, number: Int, looks: Int = 0) -> Work.Step {
    guard document.isBackground, let name = ObjectName(.response, document.id) else {
      return part(index, of: parts, number: number) { .finished($0) }
    }
    return pictures.service.objects.object(name).step { result in
      let stored = (try? result.get()).flatMap { ResponseDocument($0.bytes) }
      if let stored, stored.cancelled != nil {
        let closing = ResponseEvents(stored, isObfuscated: false).closing([])
        return .finished(Response(body: Array(closing.text(number: number).utf8)))
      }
      let looks = max(looks, Int(max(.zero, .now - start) / Self.interval)) + 1
      guard start + Self.interval * looks < start + duration * share(index) else {
        return part(index, of: parts, number: number) { .finished($0) }
      }
      var pause = Response()
      pause.due = start + Self.interval * looks
      pause.continuation = Work(inOneStep: { goOn(to: index, number: number, looks: looks) })
      return .finished(pause)
    }
  }

  private static let interval = Duration.seconds(1)

  private func response(_ texts: [ResponseEvents.Event], _ number: Int, at index: Int) -> Response {
    let wanted = texts.enumerated().filter { number + $0.offset >= first }
    let text = wanted.map { $0.element.text(number: number + $0.offset) }.joined()
    var response = Response(body: Array(text.utf8))
    if duration > .zero { response.due = start + duration * share(index) }
    return response
  }

  /// How much of the duration is over when a part is due. Each image, partial or not, takes as long as another.
  private func share(_ index: Int) -> Double {
    let images = parts.count { $0.isImage }
    if parts[index] == .opening { return 0 }
    guard parts[index].isImage else { return 1 }
    return Double(parts[...index].count { $0.isImage }) / Double(images + (document.ending.hasOutput ? 0 : 1))
  }

  private func make(_ part: ResponseEvents.Part, finish: @escaping PictureLoader.Finish<[ResponseEvents.Event]>) -> Work.Step {
    switch part {
    case .opening: return finish(.success(events.opening))
    case .message: return finish(.success(events.message))
    case .partial(let call, let index, let count):
      return finish(
        Result { () throws(APIError) in [events.partial(call, index, base64: try pictures.partial(call, index, of: count))] })
    case .image(let call):
      return pictures.result(of: call) { result in finish(result.map { events.image(call, base64: $0) }) }
    case .closing:
      guard document.ending == .completed, document.cancelled == nil else { return finish(.success([events.closing([])])) }
      return pictures.results { result in finish(result.map { [events.closing($0)] }) }
    }
  }
}
