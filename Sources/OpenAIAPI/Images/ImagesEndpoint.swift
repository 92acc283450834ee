import FastCGI
import ImageGeneration
import ImageStore
import Simulation

/// POST /v1/images/generations, /v1/images/edits and /v1/images/variations, and the first two under Azure's path.
enum ImagesEndpoint {
  static let generate = serve(.generation)
  static let edit = serve(.edit)
  static let vary = serve(.variation)

  private static func serve(_ operation: ImageOperation) -> Route.Serve {
    { context throws(APIError) in
      let (service, profile) = (context.service, try context.profile().rules)
      guard operation != .variation || profile.hasVariations else { return .respond(Response(status: 404)) }
      let deployment = context.parameter.isEmpty ? nil : Route.decoded(context.parameter)
      var request = try ImageRequest(operation, context.readParameters(operation), profile, deployment: deployment)
      let directive = service.configuration.readsPromptDirectives ? try PromptDirective.take(from: &request.prompt) : FaultSpec()
      try service.admit(context.account(), model: request.model, images: request.n)
      context.plan = try FaultPlan(context, directive: directive, over: request.work, request.subject(of: context))
      if let refusal = context.plan.refusal(of: context, model: request.model, count: request.n) { return .respond(refusal) }
      let drawing = ImageDrawing(context, context.plan.applied(to: request), isStrict: profile.isStrict)
      // A stream begins at once; its latency is spread over the events.
      if request.partialImages != nil { context.plan.due = nil }
      return .render(drawing.work)
    }
  }
}

extension ImageRequest {
  /// The work that takes time by itself.
  fileprivate var work: ImageWork {
    ImageWork(model: model, quality: quality.name, width: size.width, height: size.height, count: n)
  }

  /// The facts that rules match.
  fileprivate func subject(of context: RequestContext) -> RuleSubject {
    RuleSubject(route: context.request.path, key: context.key, model: model, size: size.description, prompt: prompt)
  }
}
