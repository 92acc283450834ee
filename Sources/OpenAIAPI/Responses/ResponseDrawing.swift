import Answers
import Drawing
import FastCGI
import ImageGeneration
import ImageStore
import JSON
import ObjectStore
import Synchronization
import SystemCalls

/// Answers a request to the Responses API: the renderer's part.
///
/// The pictures of the conversation are read, those that are new are kept, each call's image is drawn and stored, and then the response itself.
/// A stream is made from what is stored, like one that is read again later. If nothing is kept, its images are drawn as they are due.
struct ResponseDrawing: Sendable {
  let context: RequestContext
  let request: ResponseRequest
  /// The images of all calls.
  let image: ImageRequest
  let previous: ResponseDocument?
  /// The pictures to edit.
  let sources: [ConversationPicture]
  let mask: ConversationPicture?
  let deployment: String?

  var work: Work { image.n > 1 ? Work(inSteps: begin) : Work(inOneStep: begin) }

  private var service: APIService { context.service }

  @Sendable private func begin() -> Work.Step {
    let loader = PictureLoader(service: service, skipsMissing: service.configuration.inventsUnknownIDs)
    return loader.load(sources + (mask.map { [$0] } ?? [])) { loaded in
      attempt { () throws(APIError) in
        let inputs = try loaded.get()
        var image = image
        image.inputs = ImageInputs(images: Array(inputs.prefix(sources.count)), mask: mask == nil ? nil : inputs.last)
        let drawing = ImageDrawing(context, image)
        let uploads = StreamedUploads(on: service.shelf) { () throws(APIError) in try drawing.sources() }
        let decoded = try uploads.pixels()
        return keep(loader, Prepared(drawing: drawing, uploads: uploads, sources: decoded))
      }
    }
  }

  /// What is ready when the images can be drawn.
  private struct Prepared: Sendable {
    let drawing: ImageDrawing
    let uploads: StreamedUploads
    let sources: SourceImages
    /// References to the kept pictures.
    var references: [(picture: ConversationPicture, reference: String)] = []

    func reference(of picture: ConversationPicture) -> String? {
      picture.reference ?? references.first { $0.picture == picture }?.reference
    }
  }

  private func attempt(_ step: () throws(APIError) -> Work.Step) -> Work.Step {
    do throws(APIError) { return try step() } catch { return .finished(error.response) }
  }

  private func keep(_ loader: PictureLoader, _ prepared: Prepared) -> Work.Step {
    let pictures = Array((request.input.pictures + (mask.map { [$0] } ?? [])).suffix(ResponseDocument.mostPictures))
    guard request.isStored, !pictures.isEmpty else { return draw(prepared) }
    return loader.keep(pictures) { kept in
      attempt { () throws(APIError) in
        var prepared = prepared
        for (picture, reference) in zip(pictures, try kept.get()) {
          if let reference { prepared.references.append((picture, reference)) }
        }
        return draw(prepared)
      }
    }
  }

  // MARK: The calls

  /// Draws the images, unless a stream of which nothing is kept draws them when they are due.
  private func draw(_ prepared: Prepared) -> Work.Step {
    let errors = context.plan.callErrors
    let numbers = (0..<image.n).filter { errors[$0] == nil }
    let isLater = request.isStream && !request.isStored || context.plan.ending?.hasOutput == false
    guard !isLater, !numbers.isEmpty else { return respond([:], prepared) }
    let needsBase64 = !request.isStream && !request.isBackground
    return prepared.drawing.draw(numbers[...], from: prepared.sources, request.isStored ? .stored : .nothing) { drawn in
      DrawnCall(
        id: drawn.id, isMissing: drawn.file == nil, result: needsBase64 ? ResponsePictures.base64(drawn.file) : nil)
    } finish: { drawn in
      attempt { () throws(APIError) in
        respond(Dictionary(uniqueKeysWithValues: zip(numbers, try drawn.get())), prepared)
      }
    }
  }

  private struct DrawnCall: Sendable {
    var id: ImageID?
    var isMissing: Bool
    /// Base64 of the image; nil if it is not needed now.
    var result: String?
  }

  private func call(_ number: Int, _ drawn: [Int: DrawnCall]) -> ResponseDocument.Call {
    if let error = context.plan.callErrors[number] { return ResponseDocument.Call(id: CallID.make(nil), state: .failed(error.eventObject)) }
    guard let drawn = drawn[number], !drawn.isMissing else {
      let isMissing = drawn[number]?.isMissing ?? false
      return ResponseDocument.Call(id: CallID.make(nil), state: isMissing ? .missing : .drawnLater)
    }
    return ResponseDocument.Call(id: CallID.make(drawn.id), state: drawn.id.map { .stored($0) } ?? .drawnLater)
  }

  // MARK: The response

  private func respond(_ drawn: [Int: DrawnCall], _ prepared: Prepared) -> Work.Step {
    let document = document(drawn, prepared)
    let results = (0..<image.n).map { drawn[$0]?.result }
    guard request.isStored else { return answer(document, results, prepared) }
    guard let name = ObjectName(.response, document.id) else { return .finished(APIError.serverError.response) }
    let expires = service.clock.now() + Int64(service.generator.store.retention / .nanoseconds(1))
    let bytes = document.json.compactBytes
    return service.objects.put(bytes, as: name, expires: expires, where: .absent).step { result in
      attempt { () throws(APIError) in
        _ = try result.orAPIError()
        if request.isBackground { service.webhooks.send(WebhookEvent(endOf: document), at: context.plan.due ?? .now) }
        return answer(document, results, prepared)
      }
    }
  }

  private func answer(_ document: ResponseDocument, _ results: [String?], _ prepared: Prepared) -> Work.Step {
    let finish: @Sendable (Response) -> Work.Step = { response in
      var response = response
      let stored = document.calls.compactMap { if case .stored(let id) = $0.state { id } else { nil } }
      response.addImages(stored, prepared.drawing.job.encoding.format)
      response.addIgnored(prepared.sources.ignored.map(\.description))
      return .finished(response)
    }
    guard request.isStream else {
      let status = request.isBackground ? "queued" : document.status(at: document.due)
      return finish(.json(ResponseObject(document, status: status, results: results).json))
    }
    let pictures = ResponsePictures(document, prepared.drawing, prepared.uploads)
    let duration = max(.zero, (context.plan.due ?? context.arrival) - context.arrival)
    let stream = ResponseStream(document, pictures, isObfuscated: request.isObfuscated, from: context.arrival, over: duration)
    switch stream.begin() {
    case .finished(let response): return finish(response)
    case .unfinished, .suspended: return .finished(APIError.serverError.response)
    }
  }
}

// MARK: The document

extension ResponseDrawing {
  private func document(_ drawn: [Int: DrawnCall], _ prepared: Prepared) -> ResponseDocument {
    let calls = (0..<image.n).map { call($0, drawn) }
    let failures = calls.count { $0.hasFailed }
    let created = service.milliseconds()
    let wait = Int(max(.zero, (context.plan.due ?? context.arrival) - context.arrival) / .milliseconds(1))
    let message = request.format.message(
      saying: ResponseText.text(calls: image.n, failures: failures, isEdit: image.operation == .edit))
    let output = TokenRule.tokens(message.text)
    let input = request.input.tokens + (previous?.tokens ?? 0)
    let pictures =
      request.input.pictures.compactMap(prepared.reference)
      + calls.compactMap { if case .stored = $0.state { $0.id } else { nil } }
    var document = ResponseDocument(
      id: ObjectName.newID(ResponseDocument.prefix, now: service.clock.now()), model: MainlineModel.snapshot(of: request.model),
      created: created, begins: created + min(1000, wait / 4), due: created + wait, isBackground: request.isBackground,
      isAzure: context.isAzure, echo: request.echo, calls: calls, told: told, prompt: image.prompt, text: message.text,
      isRefusal: message.isRefusal, ending: ending, usage: Self.usage(input: input, output: output),
      toolUsage: toolUsage(calls: image.n - failures), items: [],
      pictures: ((previous?.pictures ?? []) + pictures).suffix(ResponseDocument.mostPictures),
      tokens: input + output + TokenRule.inputImage * (image.n - failures), redrawing: redrawing(prepared))
    document.items = request.input.items.enumerated().map { index, item in
      let hasID = item.contains { $0.key == "id" }
      return .object((hasID ? [] : [("id", .string(ResponseDocument.itemID(index, of: document.id)))]) + item)
    }
    return document
  }

  private var ending: ResponseEnding { context.plan.ending ?? .completed }

  private func redrawing(_ prepared: Prepared) -> ResponseDocument.Redrawing {
    let tool = (request.tool ?? .unused).members
    return ResponseDocument.Redrawing(
      profile: (try? context.profile()) ?? .fakeai, operation: image.operation, deployment: deployment,
      tool: JSONObject(members: tool.members.filter { $0.name != "input_image_mask" }),
      sources: sources.compactMap(prepared.reference), mask: mask.flatMap(prepared.reference), size: image.size, seed: image.seed,
      partialImages: image.partialImages, moment: image.moment ?? service.clock.now(), pictures: image.pictures,
      template: image.template)
  }

  private var told: [JSONMember] {
    [
      ("action", .string(image.operation == .edit ? "edit" : "generate")), ("background", image.answeredBackground),
      ("output_format", .string(image.output.name)), ("quality", .string(image.quality.answered)),
      ("size", .string(image.size.description)),
    ] + (image.svg.map { [("svg_usage", SVGUsage($0, image).json)] } ?? [])
  }

  /// The tokens of the model that would write the text.
  static func usage(input: Int, output: Int) -> JSONText {
    [
      "input_tokens": .integer(input), "input_tokens_details": ["cached_tokens": 0, "cache_write_tokens": 0],
      "output_tokens": .integer(output), "output_tokens_details": ["reasoning_tokens": 0], "total_tokens": .integer(input + output),
    ]
  }

  /// The tokens of the image model, for all calls together.
  private func toolUsage(calls: Int) -> JSONText {
    var image = image
    image.inputs.images = sources.map { _ in .elsewhere }
    return ["image_gen": ImageUsage(image, calls: calls).json(withOutputDetails: true), "web_search": ["num_requests": 0]]
  }
}

extension APIService {
  /// Milliseconds since 1970.
  func milliseconds() -> Int { Int(clock.now() / 1_000_000) }
}
