import Answers
import Drawing
import FastCGI
import Limits
import Simulation

extension RequestContext {
  /// Has the images of a request drawn if its account, the limits, the rules and the faults let it: the way of every request for images from its
  /// checks to its drawing.
  ///
  /// - Parameters:
  ///   - directive: the directive in its prompt.
  ///   - draw: called with the request as the faults change it.
  mutating func admit(
    _ request: ImageRequest, _ directive: FaultSpec,
    draw: @escaping @Sendable (ImageRequest, inout RequestContext) throws(APIError) -> Reply.Action
  ) throws(APIError) -> Reply.Action {
    let account = try account()
    try account.checkStanding(model: request.model)
    switch admit(images: request.n, for: account) {
    case .ready(let admission): return try admit(request, directive, admission.orAPIError(), draw)
    case .pending(let start):
      return wait(for: start) { context, admission throws(APIError) in try context.admit(request, directive, admission, draw) }
    }
  }

  /// Goes on with a request that the limits have admitted: the rules come next.
  private mutating func admit(
    _ request: ImageRequest, _ directive: FaultSpec, _ admission: Admission,
    _ draw: @escaping @Sendable (ImageRequest, inout RequestContext) throws(APIError) -> Reply.Action
  ) throws(APIError) -> Reply.Action {
    try enter(admission, model: request.model)
    let explicit = try ExplicitFaults(self.request, directive: directive)
    switch try verdict(on: request.subject(of: self)) {
    case .ready(let verdict): return try admit(request, explicit, verdict.orAPIError(), draw)
    case .pending(let start):
      return wait(for: start) { context, verdict throws(APIError) in try context.admit(request, explicit, verdict, draw) }
    }
  }

  /// Decides on the faults, and has the images drawn with them.
  private mutating func admit(
    _ request: ImageRequest, _ explicit: ExplicitFaults, _ verdict: RuleVerdict,
    _ draw: @escaping @Sendable (ImageRequest, inout RequestContext) throws(APIError) -> Reply.Action
  ) throws(APIError) -> Reply.Action {
    var request = request
    plan = FaultPlan(self, explicit, verdict, over: request.work)
    if let refusal = plan.refusal(of: self, model: request.model, count: request.n) { return .respond(refusal) }
    plan.prepare(&request)
    try refuseTooManyBytes(request)
    request.template = try template(for: request)
    if let pictures = plan.pictures { return try choosePictures(of: pictures, for: request, goOn: draw) }
    return try draw(request, &self)
  }
}

extension ImageRequest {
  /// The work that takes time by itself.
  fileprivate var work: ImageWork {
    ImageWork(model: model, quality: quality.name, width: size.width, height: size.height, count: n)
  }

  /// The facts that rules match.
  fileprivate func subject(of context: RequestContext) -> RuleSubject {
    let isSizeKnown = enlargement?.isSize ?? true
    return RuleSubject(route: context.path, key: context.key, model: model, size: isSizeKnown ? size.description : nil, prompt: prompt)
  }
}
