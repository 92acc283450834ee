import FastCGI
import JSON
import Journal
import Limits
import Logging
import Metrics
import Multipart

/// A request and all that is known of it before any endpoint runs: resolved once, and passed on with it.
struct RequestContext: Sendable {
  let service: APIService
  /// Without its body once that has been read, so that nobody keeps an upload for as long as its response takes.
  var request: Request
  /// Its number in ``Route/all``; nil: there is no such route.
  let routeIndex: Int?
  /// What the path has in place of the route's `{…}`, or "".
  let parameter: Substring
  let surface: Surface
  /// `x-request-id` without its prefix; "" outside of the API proper.
  let id: String
  private let apiKey: String?
  private let profileResult: Result<Profile, APIError>
  private let accountResult: Result<Account, APIError>

  /// What was decided to be wrong with the response.
  var plan = FaultPlan()
  /// What the journal keeps of the body.
  private(set) var journalBody = JournalBody.none
  private var isBodyRead = false

  /// Which part of the server a path belongs to.
  enum Surface: Sendable {
    /// The API proper, which takes keys and reports limits.
    case api
    /// The mock's own routes.
    case own
    /// Images, health, and paths that nothing is known of.
    case other

    init(_ path: String) {
      self =
        if path.hasPrefix("/v1/") || path.hasPrefix("/openai/") { .api } else if path.hasPrefix("/_fakeai") || path == "/metrics" {
          .own
        } else { .other }
    }
  }

  init(_ request: Request, _ service: APIService) {
    (self.request, self.service) = (request, service)
    surface = Surface(request.path)
    (routeIndex, parameter) = Route.index(of: request.path).map { ($0, $1) } ?? (nil, "")
    guard surface == .api else {
      (id, apiKey) = ("", nil)
      profileResult = .success(service.configuration.profile)
      accountResult = .success(Account())
      return
    }
    id = Self.id(of: request)
    apiKey = request.apiKey
    profileResult = Self.profile(of: request, service.configuration.profile)
    accountResult = Self.account(apiKey, profileResult, service.configuration.keyring)
  }

  /// The API key that came with it.
  var key: String? { surface == .api ? apiKey : request.apiKey }

  /// Whether pages of other origins may use it, see ``CORS``.
  var allowsOtherOrigins: Bool { surface == .api || request.path.hasPrefix("/images/") }

  var route: Route? { routeIndex.map { Route.all[$0] } }

  /// Whose rules apply.
  func profile() throws(APIError) -> Profile { try profileResult.get() }

  /// Whose request it is.
  func account() throws(APIError) -> Account { try accountResult.get() }

  /// The header by which one request asks for another profile than the configured one.
  static let profileHeader = "X-FakeAI-Profile"

  private static func profile(of request: Request, _ usual: Profile) -> Result<Profile, APIError> {
    guard let name = request.header(profileHeader) else { return .success(usual) }
    return Profile(rawValue: name).map { .success($0) } ?? .failure(.unknownProfile(name))
  }

  private static func account(
    _ key: String?, _ profile: Result<Profile, APIError>, _ keyring: Keyring
  ) -> Result<Account, APIError> {
    do throws(APIError) {
      if key == nil, try profile.get().rules.needsKey { throw .missingKey }
      do throws(Keyring.Refusal) { return .success(try keyring.account(for: key)) } catch {
        switch error {
        case .missing: throw .missingKey
        case .unknown: throw .wrongKey(Keyring.masked(key ?? ""))
        }
      }
    } catch {
      return .failure(error)
    }
  }

  /// nginx's id of the request if it sent one, so that its log and the client's can be compared.
  private static func id(of request: Request) -> String {
    if let id = request.variables["REQUEST_ID"], id.utf8.count == 32, id.allSatisfy(\.isHexDigit) { return id }
    return APIService.randomHexadecimal()
  }
}

extension RequestContext {
  /// What a client is told of a failure that is not its own; the reason is for the operator, in the log.
  func serverError(because error: any Error) -> APIError {
    service.logger.error("request req_\(id): \(error)")
    return .serverError
  }
}

// MARK: The body

extension RequestContext {
  /// Reads the body as what it says it is. It is parsed once, and the journal keeps what was parsed.
  mutating func readParameters(_ operation: ImageOperation) throws(APIError) -> Parameters {
    let bytes = try Parameters.bytes(of: request)
    let type = request.contentType
    let mediaType = type.map(Self.mediaType) ?? operation.mediaTypes[0]
    guard operation.mediaTypes.contains(mediaType) else { throw .unsupportedContentType(type ?? "", accepted: operation.mediaTypes) }
    isBodyRead = true
    request.body = .whole([])
    return mediaType == ImageOperation.form ? try readForm(bytes, type ?? "") : try readJSON(bytes)
  }

  private mutating func readForm(_ bytes: [UInt8], _ contentType: String) throws(APIError) -> Parameters {
    let form: MultipartForm
    do throws(MultipartError) {
      form = try MultipartForm(parsing: bytes, contentType: contentType)
    } catch {
      if isRecorded { journalBody = JournalBody(bytes, form: nil) }
      throw .unreadableForm(error.description)
    }
    if isRecorded { journalBody = JournalBody(bytes, form: form) }
    return try Parameters(form: form)
  }

  private mutating func readJSON(_ bytes: [UInt8]) throws(APIError) -> Parameters {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: bytes)
    } catch {
      if isRecorded { journalBody = JournalBody(bytes, json: nil) }
      throw APIError(error)
    }
    if isRecorded { journalBody = JournalBody(bytes, json: json) }
    return try Parameters(json: json)
  }

  /// Drops the body, if no endpoint has read it, when the journal has seen it.
  mutating func dropBody() {
    guard !isBodyRead, case .whole(let bytes) = request.body, !bytes.isEmpty else { return }
    request.body = .whole([])
    if isRecorded { journalBody = JournalBody(bytes, contentType: request.contentType) }
  }

  /// `application/json` of ` Application/JSON ; charset=utf-8`.
  private static func mediaType(_ contentType: String) -> String { contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " } }
}

// MARK: The way out

extension RequestContext {
  /// What every response passes through, whoever made it and whatever for: the plan's last two points, the headers that all responses carry, the
  /// metrics and the journal.
  func finish(_ response: inout Response) {
    plan.apply(to: &response)
    addHeaders(to: &response)
    let latency = ContinuousClock.now - request.arrival
    service.scoreboard.countAnswer(route: routeIndex, status: response.status, latency: latency, bytes: response.body.count)
    service.record(self, response, latency)
  }

  /// Adds the response's length (without which a worker's death in mid-response would look like a whole one; that of a stream is not known), whose
  /// it is, and what belongs to the surface.
  private func addHeaders(to response: inout Response) {
    let isStream = response.continuation != nil
    if response.header("Content-Length") == nil, !isStream, response.status != 204, response.status != 304 {
      response.add("Content-Length", String(response.body.count))
    }
    response.add("X-FakeAI-Worker", service.configuration.workerName)
    switch surface {
    case .api: addAPIHeaders(to: &response)
    case .own:
      response.add("Cross-Origin-Resource-Policy", "same-origin")
      response.add("X-Content-Type-Options", "nosniff")
    case .other: if request.path.hasPrefix("/images/") { response.allowAllOrigins(exposing: ImageEndpoint.exposedHeaders) }
    }
    if request.method == "HEAD" { response.body = [] }
  }

  private static let lateness = Duration.milliseconds(100)

  private func addAPIHeaders(to response: inout Response) {
    // A response that is sent on time was ready when it was due: a timer comes some milliseconds later.
    let now = ContinuousClock.now
    let ready = plan.due.flatMap { (.zero..<Self.lateness).contains(now - $0) ? $0 : nil } ?? now
    let taken = (ready - request.arrival) / .milliseconds(1)
    response.add("openai-organization", APIService.organization)
    response.add("openai-processing-ms", String(Int(taken.rounded(.up))))
    response.add("openai-project", "proj_fakeai")
    response.add("openai-version", "2020-10-01")
    response.add("x-request-id", "req_" + id)
    response.add("x-content-type-options", "nosniff")
    response.add("strict-transport-security", "max-age=31536000; includeSubDomains; preload")
    // One whose key opens nothing has no limits.
    if let account = try? account() { service.addRateLimitHeaders(to: &response, account) }
    response.allowAllOrigins(exposing: CORS.exposedHeaders)
  }
}
