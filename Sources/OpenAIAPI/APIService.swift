import Answers
package import FastCGI
import Hashing
package import ImageGeneration
import ImageStore
package import Journal
package import Limits
package import Logging
package import Metrics
package import ObjectStore
package import Pictures
package import Simulation
import Synchronization
package import SystemCalls
package import Templates

/// The API: maps a request to a reply. Each worker has one, which its loop and its renderer thread share.
package final class APIService: Sendable {
  /// Must equal the version in systemd/debian/changelog; the package build fails if the two differ.
  package static let version = "1.0.0"

  /// The operator's settings.
  package struct Configuration: Sendable {
    /// Whether images are drawn; if not, URLs are made up.
    package var drawsImages = true
    /// The base of image URLs, without a trailing slash; nil uses the address by which the client reached nginx.
    package var publicURL: String?
    /// Signs image URLs; nil: they are plain.
    package var urlSigner: URLSigner?
    /// The value of `X-FakeAI-Worker`.
    package var workerName = ""
    /// The accepted API keys.
    package var keyring = Keyring.open
    /// The profile of requests that do not name one.
    package var profile = Profile.fakeai
    /// The response format of requests that name none; nil: the model's. Strict profiles do not use it.
    package var responseFormat: ResponseFormat?
    /// The simulated drawing time if no other source sets one.
    package var latency = Latency.none
    /// Whether a prompt may contain a directive with a fault or a latency.
    package var readsPromptDirectives = true
    /// The host names that the mock's own routes accept.
    package var trustedHosts = TrustedHosts()
    /// How long a batch takes unless its client says otherwise.
    package var batchTime = Duration.zero
    /// Where events may be sent.
    package var webhookHosts = WebhookHosts()
    /// Whether a request for a file, response or batch that does not exist is answered as if it did.
    package var inventsUnknownIDs = false
    /// The files that can be shown instead of drawn images; nil: there are none.
    package var pictures: PictureLibrary?
    /// The layouts that drawn images can have.
    package var templates: TemplateLibrary
    /// The name of the template of images for which nothing else is said; nil: the usual layout.
    package var template: String?

    package init(
      drawsImages: Bool = true, publicURL: String? = nil, urlSigner: URLSigner? = nil, workerName: String = "", keyring: Keyring = .open,
      profile: Profile = .fakeai, responseFormat: ResponseFormat? = nil, latency: Latency = .none, readsPromptDirectives: Bool = true,
      trustedHosts: TrustedHosts = TrustedHosts(), batchTime: Duration = .zero, webhookHosts: WebhookHosts = WebhookHosts(),
      inventsUnknownIDs: Bool = false, pictures: PictureLibrary? = nil, templates: TemplateLibrary = TemplateLibrary(),
      template: String? = nil
    ) {
      self.drawsImages = drawsImages
      self.publicURL = publicURL
      self.urlSigner = urlSigner
      self.workerName = workerName
      self.keyring = keyring
      self.profile = profile
      self.responseFormat = responseFormat
      self.latency = latency
      self.readsPromptDirectives = readsPromptDirectives
      self.trustedHosts = trustedHosts
      self.batchTime = batchTime
      self.webhookHosts = webhookHosts
      self.inventsUnknownIDs = inventsUnknownIDs
      self.pictures = pictures
      self.templates = templates
      self.template = template
    }
  }

  let configuration: Configuration
  let generator: ImageGenerator
  /// The objects of the API that are not images.
  let objects: any ObjectStore
  /// The store, if nginx can send its images itself.
  let files: (any FileStore)?
  let scoreboard: Scoreboard
  let limiter: any RateLimits
  let rules: any Rules
  /// nil if requests are not recorded.
  let journal: (any RequestLog)?
  let isRecording: Bool
  /// The journal's newest entries for streams of events; nil if requests are not recorded.
  let journalFeed: JournalFeed?
  let figuresFeed = FiguresFeed()
  let clock: WallClock
  let logger: Logger
  let shelf = UploadShelf()
  let webhooks: WebhookSender
  let batchAlarm = BatchAlarm()
  /// Whether somebody reads the pool's events, and may want to see the images that are sent as base64: as of the last second.
  let isWatched = Atomic(false)
  /// Whether this worker will stop soon.
  let isLeaving = Atomic(false)

  package init(
    generator: ImageGenerator, objects: any ObjectStore, scoreboard: consuming Scoreboard, limiter: any RateLimits, rules: any Rules,
    journal: (any RequestLog)? = nil, configuration: Configuration = Configuration(), clock: WallClock = .system,
    logger: Logger = Logger(label: "fakeai-images")
  ) {
    self.generator = generator
    self.objects = objects
    files = generator.store as? any FileStore
    self.scoreboard = scoreboard
    self.limiter = limiter
    self.rules = rules
    self.journal = journal
    isRecording = journal != nil
    journalFeed = journal.map { JournalFeed(of: $0) }
    self.configuration = configuration
    self.clock = clock
    self.logger = logger
    webhooks = WebhookSender(objects, allowing: configuration.webhookHosts, clock: clock, logger: logger)
  }

  /// Decides on a request. Every response to it passes through ``RequestContext/finish(_:)``.
  package func reply(to request: Request) -> Reply {
    var context = RequestContext(request, self)
    return reply(in: &context) { context throws(APIError) in try dispatch(&context) }
  }

  /// The reply to a request as far as it is known, or, if it had to wait, for what follows.
  func reply(in context: inout RequestContext, _ act: (inout RequestContext) throws(APIError) -> Reply.Action) -> Reply {
    var action: Reply.Action
    do throws(APIError) { action = try act(&context) } catch { action = .respond(error.response) }
    if !limiter.areLocal, case .respond(let response) = action, let wait = context.learnLimits(for: response) { action = wait }
    context.dropBody()
    return Reply(action, due: context.plan.due) { [context] response in context.finish(&response) }
  }

  private func dispatch(_ context: inout RequestContext) throws(APIError) -> Reply.Action {
    if context.surface == .own { try checkAccess(context) }
    guard let route = context.route else {
      // Without a preflight response, a page could not read the error of the request that follows.
      guard context.method == "OPTIONS", context.surface == .api else { throw .unknownURL(context.method, context.request.path) }
      return .respond(CORS.preflight(context.request, methods: ["GET", "POST", "DELETE"], usual: CORS.usualHeaders))
    }
    guard let endpoint = route.endpoints.first(where: { $0.method == context.method }) else {
      let methods = route.endpoints.map(\.method)
      guard context.method == "OPTIONS", context.allowsOtherOrigins else {
        throw .wrongMethod(allowed: methods + (context.surface == .images ? ["OPTIONS"] : []))
      }
      let usual = context.surface == .api ? CORS.usualHeaders : "Range, If-None-Match, If-Range"
      return .respond(CORS.preflight(context.request, methods: methods, usual: usual))
    }
    if context.surface != .own { _ = try context.session() }
    if context.surface == .api { _ = try context.account() }
    guard endpoint.isSimulated, try mayInterfere(with: context) else { return try endpoint.serve(&context) }
    let explicit = try ExplicitFaults(context.request)
    switch try context.verdict(on: RuleSubject(route: context.path, key: context.key)) {
    case .ready(let verdict): return try dispatch(&context, to: endpoint, explicit, verdict.orAPIError())
    case .pending(let start):
      return context.wait(for: start) { context, verdict throws(APIError) in
        try self.dispatch(&context, to: endpoint, explicit, verdict)
      }
    }
  }

  /// Whether the client or the rules may want a fault or a latency. Nobody wants one for most requests that make no images.
  private func mayInterfere(with context: RequestContext) throws(APIError) -> Bool {
    if context.request.asksForSimulation { return true }
    return !rules.document(of: try context.session()).rules.isEmpty
  }

  /// Has the endpoint serve a request that makes no images, unless a fault forbids that.
  private func dispatch(
    _ context: inout RequestContext, to endpoint: Route.Endpoint, _ explicit: ExplicitFaults, _ verdict: RuleVerdict
  ) throws(APIError) -> Reply.Action {
    context.plan = FaultPlan(context, explicit, verdict).aimed(at: context.path)
    if context.plan.fault == .missingImage { throw .imageNotFound }
    if context.plan.fault == .expiredURL { return .respond(SignatureRefusal.expired(at: clock.now()).response(now: clock.now())) }
    if let refusal = context.plan.refusal(of: context) { return .respond(refusal) }
    return try endpoint.serve(&context)
  }

  /// The response if the renderer cannot keep up, or if the requested response would come too late.
  package static var overloaded: Response { APIError.overloaded.response }

  /// The last event of a stream for whose other events there is no time.
  package static var cutShort: Response { ImageStream.failure(.overloaded) }

  /// The response to a client that connects when the server has begun to stop.
  package static var stopping: Response { APIError.stopping.response }

  /// Makes /readyz answer 503 from now on, so that no more requests are sent here.
  package func leave() { isLeaving.store(true, ordering: .relaxed) }

  /// Frees the memory of expired images and objects, and of what belongs to no file.
  package func sweep() {
    generator.store.sweep()
    objects.sweep()
    // What cannot be done now is done the next time.
    try? fileShelf.removeOrphans(now: clock.now())
  }

  /// Whether any of the shared memory in use was removed: images, objects, scoreboard, limits, rules or journal.
  package var hasLostSharedMemory: Bool {
    generator.store.health == .lost || objects.isLost || scoreboard.isRemoved || limiter.isRemoved || rules.isRemoved
      || journal?.isRemoved ?? false || configuration.urlSigner?.isLost() ?? false
  }

  /// The organization of every key.
  static let organization = "org-fakeai"

  /// 32 random hexadecimal digits.
  static func randomHexadecimal() -> String { String(hexadecimal: UInt128.random(in: 0 ... .max), digits: 32) }

  /// Seconds since 1970, `nanoseconds` from now.
  @Sendable func seconds(in nanoseconds: Int64 = 0) -> Int { Int((clock.now() + nanoseconds) / WallClock.nanosecondsPerSecond) }
}
