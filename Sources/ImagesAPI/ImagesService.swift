package import FastCGI
package import ImageGeneration
import ImageStore
package import Journal
package import Limits
package import Metrics
package import Simulation
package import SystemCalls

/// The API: takes a request, gives a reply. One a worker, used by its loop and its renderer thread alike.
package final class ImagesService: Sendable {
  /// What the operator set.
  package struct Configuration: Sendable {
    /// Whether pictures are drawn, rather than URLs made up.
    package var drawsImages = true
    /// The base of image URLs, without a slash at the end; nil: as the client addressed nginx.
    package var publicURL: String?
    /// What `X-FakeAI-Worker` says.
    package var workerName = ""
    /// Who may use the API.
    package var keyring = Keyring.open
    /// Whose rules apply where a request does not say.
    package var profile = Profile.fakeai
    /// How long images seem to take where nobody says otherwise.
    package var latency = Latency.none
    /// Whether a prompt may contain a directive with a fault or a latency.
    package var readsPromptDirectives = true
    /// The names under which the mock's own routes can be asked for.
    package var trustedHosts = TrustedHosts()

    package init(
      drawsImages: Bool = true, publicURL: String? = nil, workerName: String = "", keyring: Keyring = .open, profile: Profile = .fakeai,
      latency: Latency = .none, readsPromptDirectives: Bool = true, trustedHosts: TrustedHosts = TrustedHosts()
    ) {
      self.drawsImages = drawsImages
      self.publicURL = publicURL
      self.workerName = workerName
      self.keyring = keyring
      self.profile = profile
      self.latency = latency
      self.readsPromptDirectives = readsPromptDirectives
      self.trustedHosts = trustedHosts
    }
  }

  let configuration: Configuration
  let generator: ImageGenerator
  let scoreboard: Scoreboard
  let limiter: RateLimiter
  let rules: SharedRules
  /// nil: no requests are kept.
  let journal: Journal?
  let clock: WallClock
  let shelf = UploadShelf()

  package init(
    generator: ImageGenerator, scoreboard: consuming Scoreboard, limiter: consuming RateLimiter, rules: SharedRules,
    journal: Journal? = nil, configuration: Configuration = Configuration(), clock: WallClock = .system
  ) {
    self.generator = generator
    self.scoreboard = scoreboard
    self.limiter = limiter
    self.rules = rules
    self.journal = journal
    self.configuration = configuration
    self.clock = clock
  }

  /// Serves one request. Every answer, of whatever kind, is finished here with the headers that all of them carry.
  package func reply(to request: Request) -> Reply {
    let body = records(request) ? JournalBody(request.body, contentType: request.contentType) : .none
    // Whoever finishes the answer has no use for the body, which may be large and the answer far off.
    var bare = request
    bare.body = .whole([])
    return route(request).changing { [bare] response in self.finish(&response, to: bare, body, since: bare.arrival) }
  }

  /// What to answer where the renderer cannot keep up.
  package var overloaded: Response {
    var response = APIError.overloaded.response
    complete(&response, to: Request(method: "POST", path: "/v1/images/generations"), since: .now)
    return response
  }

  /// Gives back the room of images that have expired.
  package func sweep() { generator.store.sweep() }

  /// Whether somebody removed shared memory under us: the images, the scoreboard, the limits, the rules or the
  /// journal.
  package var hasLostSharedMemory: Bool {
    generator.store.isRemoved || scoreboard.isRemoved || limiter.isRemoved || rules.isRemoved || journal?.isRemoved ?? false
  }

  /// Whether a path belongs to the API proper, which takes keys and tells limits.
  static func isAPI(_ path: String) -> Bool { path.hasPrefix("/v1/") || path.hasPrefix("/openai/") }

  private func route(_ request: Request) -> Reply {
    do throws(APIError) {
      if Self.isOwn(request.path) { try checkAccess(request) }
      for route in Route.all {
        guard let parameter = route.match(request.path) else { continue }
        guard let endpoint = route.endpoints.first(where: { $0.method == request.method }) else {
          throw .wrongMethod(allowed: route.endpoints.map(\.method))
        }
        if Self.isAPI(request.path) { _ = try account(for: request) }
        return try endpoint.serve(self, request, parameter)
      }
      throw .unknownURL(request.method, request.path)
    } catch {
      return .now(error.response)
    }
  }
}
