import FastCGI
import JSON
import ObjectStore
import Simulation
import SystemCalls

/// POST /v1/responses: a model's response that may draw images with the tool `image_generation`.
///
/// There is no model here. If the request has the tool, and its `tool_choice` allows it, the tool draws the text of the user's last message.
enum ResponsesEndpoint {
  static let create: Route.Serve = { context throws(APIError) in
    let (service, profile) = (context.service, try context.profile().rules)
    let request = try ResponseRequest(
      try context.readJSON(), profile, deployment: context.imageDeployment, isAzure: context.isAzure,
      invents: service.configuration.inventsUnknownIDs)
    context.ignored = request.ignored
    return try context.find(previousOf: request) { context, previous throws(APIError) in
      try draw(request, after: previous, &context)
    }
  }

  /// POST /v1/responses/input_tokens: what the input of such a request costs.
  static let countTokens: Route.Serve = { context throws(APIError) in
    let profile = try context.profile().rules
    let request = try ResponseRequest(try context.readJSON(), profile, deployment: nil, isAzure: false, invents: true)
    return .respond(.json(["object": "response.input_tokens", "input_tokens": .integer(request.input.tokens)]))
  }

  /// POST /v1/responses/compact: a conversation in short, as the input of its next turn.
  static let compact: Route.Serve = { context throws(APIError) in
    let (service, body) = (context.service, try context.readJSON())
    let request = try ResponseRequest(
      body, try context.profile().rules, deployment: nil, isAzure: false, invents: service.configuration.inventsUnknownIDs)
    context.ignored = request.ignored
    return try context.find(previousOf: request) { _, previous throws(APIError) in
      let pictures = Array(request.input.pictures.suffix(ResponseDocument.mostPictures))
      let begin: @Sendable () -> Work.Step = {
        PictureLoader(service: service, skipsMissing: true).keep(pictures) { kept in
          do throws(APIError) {
            let now = service.clock.now()
            let compacted = CompactedResponse(
              request, body.object?.given("input"), pictures: try kept.get().compactMap { $0 }, after: previous,
              id: ObjectName.newID(ResponseDocument.prefix, now: now), now: now)
            return .finished(.json(compacted.json))
          } catch {
            return .finished(error.response)
          }
        }
      }
      return .render(Work(inOneStep: begin))
    }
  }

  /// - Parameter previous: the response whose conversation goes on.
  private static func draw(
    _ request: ResponseRequest, after previous: ResponseDocument?, _ context: inout RequestContext
  ) throws(APIError) -> Reply.Action {
    var request = request
    let (service, profile) = (context.service, try context.profile().rules)
    let directive = service.configuration.readsPromptDirectives ? try PromptDirective.take(from: &request.input.prompt) : FaultSpec()
    let tool = request.tool ?? .unused
    let sources = pictures(tool, request, previous)
    if profile.isStrict { try refuse(tool, without: sources) }
    let operation: ImageOperation = tool.action == .edit || !sources.isEmpty ? .edit : .generation
    var image = try tool.request(
      operation, drawing: request.input.prompt, profile, deployment: context.imageDeployment, isStream: request.isStream)
    let explicit = try ExplicitFaults(context.request, directive: directive)
    image.n = request.tool == nil ? 0 : explicit.spec.calls ?? 1
    image.moment = service.clock.now()
    let mask = sources.isEmpty ? nil : tool.mask
    return try context.admit(image, directive) { [request] image, context throws(APIError) in
      if !request.isStream, !request.isBackground, let error = failure(context.plan) { return .respond(error.response) }
      let drawing = ResponseDrawing(
        context: context, request: request, image: image, previous: previous, sources: sources, mask: mask,
        deployment: context.imageDeployment)
      // A stream and a background response begin at once; the latency is what the client sees of them later.
      if request.isStream || request.isBackground { context.plan.due = nil }
      return .render(drawing.work)
    }
  }

  /// The pictures to edit: those of the user's last message, or else the last one of the conversation.
  private static func pictures(_ tool: ImageTool, _ request: ResponseRequest, _ previous: ResponseDocument?) -> [ConversationPicture] {
    guard tool.action != .generate, request.tool != nil else { return [] }
    if !request.input.given.isEmpty { return Array(request.input.given.prefix(ResponseDocument.mostPictures)) }
    let last = request.input.pictures.last ?? previous?.pictures.last.map { ConversationPicture(reference: $0) }
    return last.map { [$0] } ?? []
  }

  /// Throws if an edit lacks the image to edit.
  private static func refuse(_ tool: ImageTool, without sources: [ConversationPicture]) throws(APIError) {
    guard sources.isEmpty else { return }
    if tool.action == .edit { throw .editWithoutImage("tools[\(tool.index)].action") }
    if tool.mask != nil, tool.action == .auto { throw .maskWithoutImage("tools[\(tool.index)].input_image_mask") }
  }

  /// The error of a response whose stream would end with an error event.
  private static func failure(_ plan: FaultPlan) -> APIError? {
    switch plan.ending {
    case .flatError?, .nestedError?: plan.fault == .generationFailed ? .generationFailed : .serverError
    case .completed?, .empty?, .failed?, .incomplete?, nil: nil
    }
  }
}

extension RequestContext {
  /// Goes on with the response whose conversation a request continues; nil if there is none.
  fileprivate mutating func find(
    previousOf request: ResponseRequest,
    goOn: @escaping @Sendable (inout RequestContext, ResponseDocument?) throws(APIError) -> Reply.Action
  ) throws(APIError) -> Reply.Action {
    guard let id = request.previousID else { return try goOn(&self, nil) }
    guard let name = ObjectName(.response, id) else { throw .noPreviousResponse(id) }
    return try after(service.objects.object(name)) { context, object throws(APIError) in
      let previous = object.flatMap { ResponseDocument($0.bytes) }
      guard previous != nil || context.service.configuration.inventsUnknownIDs else { throw .noPreviousResponse(id) }
      return try goOn(&context, previous)
    }
  }

  /// Azure's name for the image model of a response.
  var imageDeployment: String? { request.header("x-ms-oai-image-generation-deployment").flatMap { $0.isEmpty ? nil : $0 } }
}
