import Drawing
import FastCGI
import Hashing
import Limits
import Simulation
import SystemCalls

/// The fault and the latency of a response. Decided once per request, and applied at four points: before the work, to the bytes of an
/// image, and to the body and the transmission when the response is about to be sent.
struct FaultPlan: Sendable {
  var fault: Fault?
  /// The parameters of the fault `moderation`.
  var moderation = Moderation()
  /// When to try again, if a source of the plan sets that.
  var retryAfter: Duration?
  /// Earliest time at which the response may be sent; nil: as soon as it is ready.
  var due: Instant?
  /// The rules that applied, by name or number.
  var rules: [String] = []
  /// Selects the images and the latency; nil: the default images, a random latency.
  var seed: UInt64?
  /// The bytes to which each finished image is padded.
  var bytes: Int?
  /// The files that the images show; nil: they are drawn.
  private(set) var pictures: PicturePlan?
  /// The layout of drawn images; nil: the usual one.
  private(set) var template: TemplatePlan?
  /// The model of the requested images.
  private(set) var model = "dall-e-3"
  /// The index of the image that the response leaves out.
  private(set) var leftOut: Int?
  /// The image calls of a response of the Responses API, if a source of the plan sets their number.
  private(set) var calls: Int?
  /// Why calls fail, by their index.
  private(set) var callErrors: [Int: APIError] = [:]
  /// How a response of the Responses API ends; nil for the images of another API.
  private(set) var ending: ResponseEnding?
}

// MARK: The decision

extension FaultPlan {
  /// Precedence: request headers, prompt directive, rules, settings.
  ///
  /// - Parameter work: the work that takes time by itself; nil: none.
  init(_ context: RequestContext, _ explicit: ExplicitFaults, _ verdict: RuleVerdict, over work: ImageWork? = nil) {
    let request = context.request
    seed = explicit.seed
    let spec = verdict.rules.isEmpty ? explicit.spec : explicit.spec.filled(from: verdict.spec)
    if case .present(let fault) = spec.fault { self.fault = fault }
    (moderation, retryAfter, bytes, calls) = (spec.moderation ?? Moderation(), spec.retryAfter, spec.bytes, spec.calls)
    if spec.picture != nil { pictures = PicturePlan(explicit, verdict) }
    template = TemplatePlan(spec.template, explicit, usual: context.service.configuration.template)
    if let work { model = work.model }
    rules = spec == explicit.spec ? [] : verdict.rules
    // Like the real API, a refusal is immediate unless a source of the plan sets a latency.
    let usual = fault?.kind == .refusal && !blocksOutput || work == nil ? Latency.none : context.service.configuration.latency
    let latency = spec.latency ?? usual
    guard latency != .none else { return }
    var random = SplitMix64(seed: seed ?? .random(in: 0 ... .max))
    let work = work ?? ImageWork(model: "", quality: "auto", width: 1024, height: 1024, count: 1)
    let duration = latency.duration(of: work, random: &random)
    if duration > .zero { due = request.arrival + duration }
  }

  /// The plan without any fault that does not apply to a path that makes no images. Some faults of images also apply to images that are
  /// fetched.
  func aimed(at path: String) -> FaultPlan {
    let applies =
      switch fault {
      case .missingImage, .corruptImage, .expiredURL: path.hasPrefix("/images/")
      case .batchFailed, .batchExpired: path == "/v1/batches"
      default: fault?.kind != .images && fault?.kind != .response && !blocksOutput
      }
    var plan = self
    if !applies { plan.fault = nil }
    return plan
  }
}

/// The faults, the latency and the seed that a request asks for by itself.
struct ExplicitFaults: Sendable {
  let spec: FaultSpec
  let seed: UInt64?
  /// The header that names pictures, or else the prompt.
  let picturePlace: String
  /// The header that names a template, or else the prompt.
  let templatePlace: String

  /// - Parameter directive: the directive in the prompt. Headers take precedence over it.
  init(_ request: Request, directive: FaultSpec = FaultSpec()) throws(APIError) {
    let header = try request.faultSpec
    spec = header.filled(from: directive)
    func place(_ name: String, isInHeader: Bool) -> String {
      isInHeader ? request.header(name) == nil ? "X-FakeAI-Fault" : name : "prompt"
    }
    picturePlace = place("X-FakeAI-Picture", isInHeader: header.picture != nil)
    templatePlace = place("X-FakeAI-Template", isInHeader: header.template != nil)
    seed = try request.seed
  }
}

extension PromptDirective {
  /// Removes the directive from a prompt and returns its content.
  static func take(from prompt: inout String) throws(APIError) -> FaultSpec {
    do throws(FaultSpecError) {
      guard let directive = try PromptDirective(in: prompt) else { return FaultSpec() }
      prompt = directive.prompt
      return directive.spec
    } catch {
      throw .badFaultSpec(error, in: "prompt")
    }
  }
}

extension Request {
  /// Whether it may have one of the headers below. Most requests have none of them.
  var asksForSimulation: Bool { hasHeader(startingWith: "X-FakeAI-") }

  /// The fault, the latency, and what the images are, in the request's headers.
  fileprivate var faultSpec: FaultSpec {
    get throws(APIError) {
      var spec = FaultSpec()
      guard asksForSimulation else { return spec }
      try fill(&spec, from: "X-FakeAI-Latency", FaultSpec.init(latency:))
      try fill(&spec, from: "X-FakeAI-Fault", FaultSpec.init(parsing:))
      try fill(&spec, from: "X-FakeAI-Bytes", FaultSpec.init(bytes:))
      // Before the fault's header, which may name pictures and templates as well.
      var shown = FaultSpec()
      try fill(&shown, from: "X-FakeAI-Picture", FaultSpec.init(picture:))
      try fill(&shown, from: "X-FakeAI-Template", FaultSpec.init(template:))
      return shown.filled(from: spec)
    }
  }

  private func fill(
    _ spec: inout FaultSpec, from header: String, _ read: (String) throws(FaultSpecError) -> FaultSpec
  ) throws(APIError) {
    guard let text = self.header(header) else { return }
    do throws(FaultSpecError) { spec = spec.filled(from: try read(text)) } catch { throw .badFaultSpec(error, in: header) }
  }

  fileprivate var seed: UInt64? {
    get throws(APIError) {
      guard let text = variables["HTTP_X_FAKEAI_SEED"] else { return nil }
      guard let seed = UInt64(text) else { throw .badHeader("X-FakeAI-Seed", text, allowed: "a whole number from 0 to \(UInt64.max)") }
      return seed
    }
  }
}

// MARK: Before the work

extension FaultPlan {
  /// The response that replaces the real one; nil if none does.
  ///
  /// - Parameters:
  ///   - model, count: those of the requested images.
  func refusal(of context: RequestContext, model: String = "dall-e-3", count: Int = 1) -> Response? {
    guard let fault, fault.kind == .refusal || fault.kind == .connection, !blocksOutput else { return nil }
    switch fault {
    case .timeout:
      // By then nginx has given up, if the client has not, and answers with this status.
      var response = Response(status: 504)
      response.due = context.request.arrival + .seconds(700)
      return response
    // The status that nginx uses for a connection that it closes without a response.
    case .reset: return Response(status: 444, headers: [("X-Accel-Redirect", "/_reset")])
    case .moderation: return APIError.rejected(moderation, model: model).response
    default:
      var response = APIError(fault, model: model, count: count, key: context.key, retryAfter: retryAfter).response
      if fault == .rateLimit { response.addLimit(RateLimitStatus(reachedFor: retryAfter)) }
      return response
    }
  }

  /// Applies the plan to the request, and drops a fault that does not apply to it.
  mutating func prepare(_ request: inout ImageRequest) {
    request.seed = seed ?? 0
    if request.isToolCall { return prepareCalls(&request) }
    if fault?.kind == .response { fault = nil }
    switch fault {
    // In a stream, an event is dropped instead.
    case .fewerImages where request.partialImages == nil: request.n -= 1
    case .batchFailed, .batchExpired: fault = nil
    case .wrongSize: if let size = request.otherSize { request.size = size } else { fault = nil }
    case .moderation:
      guard let image = moderation.image else { break }
      if image > request.n {
        fault = nil
      } else if request.partialImages != nil {
        // The stream ends with the error.
        request.n = image
      } else if request.n > 1 {
        request.n -= 1
        leftOut = image - 1
      }
    default: break
    }
  }

  /// The same for a response of the Responses API, which tells of a call that fails.
  private mutating func prepareCalls(_ request: inout ImageRequest) {
    if request.n > 0 { request.n = calls ?? request.n }
    ending = ResponseEnding(fault)
    switch fault {
    case .fewerImages where request.partialImages == nil: request.n = max(0, request.n - 1)
    case .wrongSize: if let size = request.otherSize { request.size = size } else { fault = nil }
    case .failedCall: failCalls(Array(0..<request.n), because: .generationFailed)
    case .moderation:
      let blocked = moderation.image.map { [$0 - 1] } ?? Array(0..<request.n)
      failCalls(blocked.filter { $0 < request.n }, because: .rejected(moderation, model: request.model))
    // Its images have no URLs, and it is no batch.
    case .expiredURL, .batchFailed, .batchExpired: fault = nil
    default: break
    }
  }

  private mutating func failCalls(_ numbers: [Int], because error: APIError) {
    if numbers.isEmpty { fault = nil }
    for number in numbers { callErrors[number] = error }
  }

  /// The index of an image among the requested ones.
  ///
  /// - Parameter number: its index in the response.
  func index(of number: Int) -> Int { leftOut.map { number >= $0 ? number + 1 : number } ?? number }

  /// Whether the safety system blocks images rather than the prompt.
  private var blocksOutput: Bool { fault == .moderation && moderation.stage == .output }

  /// The error in place of the images, or of the last event of a stream, if the plan has one.
  var imageError: APIError? {
    guard ending == nil else { return nil }
    if fault == .generationFailed { return .generationFailed }
    return blocksOutput && leftOut == nil ? .rejected(moderation, model: model) : nil
  }
}

extension ImageRequest {
  /// A size that the model makes, other than the requested one; nil if there is none.
  fileprivate var otherSize: PictureSize? {
    (Model.known.first { $0.id == model } ?? .unknown(model)).rules.sizes.other(than: size)
  }
}
