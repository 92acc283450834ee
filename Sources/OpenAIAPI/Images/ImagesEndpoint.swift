import Answers
import FastCGI
import ImageGeneration
import ImageStore
import Limits
import Simulation

/// POST /v1/images/generations, /v1/images/edits and /v1/images/variations, and the first two under Azure's path.
enum ImagesEndpoint {
  static let generate = serve(.generation)
  static let edit = serve(.edit)
  static let vary = serve(.variation)
  /// Azure's older address, whose requests named no model.
  static let submit = serve(.generation, isSubmission: true)

  private static func serve(_ operation: ImageOperation, isSubmission: Bool = false) -> Route.Serve {
    { context throws(APIError) in
      let (service, profile) = (context.service, try context.profile().rules)
      guard operation != .variation || profile.hasVariations else { return .respond(Response(status: 404)) }
      // Like variations, it had no other model than DALL·E's.
      guard !isSubmission || profile.hasVariations else { throw .unknownURL(context.request.method, context.request.path) }
      let deployment = isSubmission ? "dall-e-2" : context.parameter.isEmpty ? nil : Route.decoded(context.parameter)
      let parameters = try context.readParameters(operation, isLenient: !profile.isStrict)
      var request = try ImageRequest(
        operation, parameters, profile, deployment: deployment, format: service.configuration.responseFormat)
      context.ignored = request.ignored
      if isSubmission { (request.isSubmission, request.responseFormat, request.partialImages) = (true, .url, nil) }
      let directive = service.configuration.readsPromptDirectives ? try PromptDirective.take(from: &request.prompt) : FaultSpec()
      let account = try context.account()
      try account.checkStanding(model: request.model)
      switch context.admit(images: request.n, for: account) {
      case .ready(let admission): return try serve(request, directive, admission.orAPIError(), &context)
      case .pending(let start):
        return context.wait(for: start) { [request] context, admission throws(APIError) in
          try serve(request, directive, admission, &context)
        }
      }
    }
  }

  /// Goes on with a request that the limits have admitted: the rules come next.
  private static func serve(
    _ request: ImageRequest, _ directive: FaultSpec, _ admission: Admission, _ context: inout RequestContext
  ) throws(APIError) -> Reply.Action {
    try context.enter(admission, model: request.model)
    let explicit = try ExplicitFaults(context.request, directive: directive)
    switch try context.verdict(on: request.subject(of: context)) {
    case .ready(let verdict): return try draw(request, explicit, verdict.orAPIError(), &context)
    case .pending(let start):
      return context.wait(for: start) { context, verdict throws(APIError) in try draw(request, explicit, verdict, &context) }
    }
  }

  /// Has the images drawn, with the faults that have been decided.
  private static func draw(
    _ request: ImageRequest, _ explicit: ExplicitFaults, _ verdict: RuleVerdict, _ context: inout RequestContext
  ) throws(APIError) -> Reply.Action {
    var request = request
    context.plan = FaultPlan(context, explicit, verdict, over: request.work)
    if let refusal = context.plan.refusal(of: context, model: request.model, count: request.n) { return .respond(refusal) }
    context.plan.prepare(&request)
    try context.refuseTooManyBytes(request)
    let due = context.plan.due
    if request.isSubmission { context.plan.due = nil }
    let (now, isStrict) = (context, try context.profile().rules.isStrict)
    // A stream begins at once; its latency is spread over the events.
    if request.partialImages != nil { context.plan.due = nil }
    return .render(
      request.inputs.work(readingFilesOf: context.service) { [request] inputs in
        var request = request
        request.inputs = inputs
        return ImageDrawing(now, request, isStrict: isStrict, operationDue: due).work
      })
  }
}

extension ImageRequest {
  /// The work that takes time by itself.
  fileprivate var work: ImageWork {
    ImageWork(model: model, quality: quality.name, width: size.width, height: size.height, count: n)
  }

  /// The facts that rules match.
  fileprivate func subject(of context: RequestContext) -> RuleSubject {
    RuleSubject(route: context.path, key: context.key, model: model, size: size.description, prompt: prompt)
  }
}
