import Drawing
import FastCGI
import Hashing
import ImageGeneration
import Simulation

extension ImagesService {
  /// Takes what a prompt says to the mock out of it.
  func directive(in prompt: inout String) throws(APIError) -> FaultSpec {
    guard configuration.readsPromptDirectives else { return FaultSpec() }
    do throws(FaultSpecError) {
      guard let directive = try PromptDirective(in: prompt) else { return FaultSpec() }
      prompt = directive.prompt
      return directive.behaviour
    } catch {
      throw .badBehaviour(error, in: "prompt")
    }
  }

  /// Decides on the answer to a request for images.
  func treatment(of request: Request, _ asked: ImageRequest, saying directive: FaultSpec) throws(APIError) -> Treatment {
    let subject = RuleSubject(
      route: request.path, key: request.apiKey, model: asked.model, size: asked.size.description, prompt: asked.prompt)
    let work = ImageWork(
      model: asked.model, quality: asked.quality.name, width: asked.size.width, height: asked.size.height, count: asked.n)
    return try treatment(of: request, subject, saying: directive, over: work)
  }

  /// Decides on the answer to any request. Its headers come before its prompt, that before the rules, and these before the settings.
  ///
  /// - Parameter work: what takes time by itself; nil: nothing.
  func treatment(
    of request: Request, _ subject: @autoclosure () -> RuleSubject, saying directive: FaultSpec = FaultSpec(), over work: ImageWork? = nil
  ) throws(APIError) -> Treatment {
    let told = try request.behaviour.filled(from: directive)
    let seed = try request.seed
    let verdict = rules.judge(subject())
    let behaviour = told.filled(from: verdict.behaviour)
    var treatment = Treatment(retryAfter: behaviour.retryAfter, seed: seed)
    if case .present(let fault) = behaviour.fault { treatment.fault = fault }
    treatment.rules = behaviour == told ? [] : verdict.rules
    // A refusal comes at once, as the real API's do, unless somebody says how late.
    let usual = treatment.fault?.kind == .refusal || work == nil ? Latency.none : configuration.latency
    let latency = behaviour.latency ?? usual
    guard latency != .none else { return treatment }
    var random = SplitMix64(seed: seed ?? .random(in: 0 ... .max))
    let work = work ?? ImageWork(model: "", quality: "auto", width: 1024, height: 1024, count: 1)
    let duration = latency.duration(of: work, random: &random)
    if duration > .zero { treatment.due = request.arrival + duration }
    return treatment
  }
}

extension Request {
  /// What the request's headers say of its answer.
  fileprivate var behaviour: FaultSpec {
    get throws(APIError) {
      let fault = try Self.behaviour("X-FakeAI-Fault", variables["HTTP_X_FAKEAI_FAULT"], FaultSpec.init(parsing:))
      let latency = try Self.behaviour("X-FakeAI-Latency", variables["HTTP_X_FAKEAI_LATENCY"], FaultSpec.init(latency:))
      return latency.filled(from: fault)
    }
  }

  private static func behaviour(
    _ header: String, _ text: String?, _ read: (String) throws(FaultSpecError) -> FaultSpec
  ) throws(APIError) -> FaultSpec {
    guard let text else { return FaultSpec() }
    do throws(FaultSpecError) { return try read(text) } catch { throw .badBehaviour(error, in: header) }
  }

  fileprivate var seed: UInt64? {
    get throws(APIError) {
      guard let text = variables["HTTP_X_FAKEAI_SEED"] else { return nil }
      guard let seed = UInt64(text) else { throw .badHeader("X-FakeAI-Seed", text, allowed: "a whole number from 0 to \(UInt64.max)") }
      return seed
    }
  }
}
