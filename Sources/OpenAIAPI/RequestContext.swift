import FastCGI
import JSON
import Journal
import Limits
import Logging
import Metrics
import Multipart
import SystemCalls

/// A request and everything that is known about it before an endpoint runs. It is resolved once and passed on with the request.
struct RequestContext: Sendable {
  private let resolved: Resolved
  /// The body of the request. It is dropped once it has been read, so that an upload is not kept for as long as its response takes.
  private(set) var body: Request.Body

  /// The fault and the latency of the response.
  var plan = FaultPlan()
  /// The limits that the response reports if they are not in this machine's memory: as they were when the request took its units.
  var limits: RateLimitReport?
  /// Whether the limits were asked for because the request took no units.
  var hasAskedForLimits = false
  /// What the response leaves out of account, for `X-FakeAI-Ignored`.
  var ignored: [String] = []
  /// The part of the body that the journal keeps.
  private(set) var journalBody = JournalBody.none
  private var isBodyRead = false

  /// The facts that never change. They are shared by all copies of the context, because a context is copied into each closure that answers
  /// later.
  private final class Resolved: Sendable {
    let service: APIService
    /// Without its body.
    let request: Request
    let routeIndex: Int?
    let parameter: Substring
    let address: RequestAddress
    let surface: RequestAddress.Surface
    let id: String
    let apiKey: String?
    let profile: Result<Profile, APIError>
    let account: Result<Account, APIError>
    let session: Result<String, APIError>

    init(_ request: Request, _ service: APIService) {
      (self.request, self.service) = (request, service)
      address = RequestAddress(request.path)
      surface = address.surface
      (routeIndex, parameter) = Route.index(of: address.path).map { ($0, $1) } ?? (nil, "")
      guard surface == .api else {
        (id, apiKey) = ("", nil)
        profile = .success(service.configuration.profile)
        account = .success(Account())
        session = RequestContext.session(of: request, account)
        return
      }
      id = RequestContext.id(of: request)
      apiKey = request.apiKey
      let entry = RequestContext.entry(of: apiKey, in: service.configuration.keyring)
      profile = RequestContext.profile(of: request, address, entry, usual: service.configuration.profile)
      account = RequestContext.account(apiKey, entry, profile)
      session = RequestContext.session(of: request, account)
    }
  }

  init(_ request: consuming Request, _ service: APIService) {
    body = request.body
    request.body = .whole([])
    resolved = Resolved(request, service)
  }

  var service: APIService { resolved.service }
  /// The request without its body.
  var request: Request { resolved.request }
  var method: String { resolved.request.method }
  var arrival: Instant { resolved.request.arrival }
  /// Index in ``Route/all``; nil if there is no such route.
  var routeIndex: Int? { resolved.routeIndex }
  /// The part of the path that matches the route's `{…}`, or "".
  var parameter: Substring { resolved.parameter }
  /// See ``RequestAddress/path``.
  var path: String { resolved.address.path }
  /// Whether the client used one of Azure's addresses.
  var isAzure: Bool { resolved.address.isAzure }
  var surface: RequestAddress.Surface { resolved.surface }
  /// `x-request-id` without its prefix; "" outside of the API proper.
  var id: String { resolved.id }
  /// The API key of the request.
  var key: String? { surface == .api ? resolved.apiKey : request.apiKey }

  /// Whether pages of other origins may use the path, see ``CORS``.
  var allowsOtherOrigins: Bool { surface == .api || surface == .images }

  /// The route of the request; nil if the profile has none.
  var route: Route? {
    if resolved.address.isUnofficial, (try? profile())?.rules.isStrict != false { return nil }
    return routeIndex.map { Route.all[$0] }
  }

  /// The profile of the request.
  func profile() throws(APIError) -> Profile { try resolved.profile.get() }

  /// The account of the request's key.
  func account() throws(APIError) -> Account { try resolved.account.get() }

  /// The session of the request, "" if it has none.
  func session() throws(APIError) -> String { try resolved.session.get() }

  /// The header that selects another profile than the configured one for a single request.
  static let profileHeader = "X-FakeAI-Profile"

  /// Precedence: the header, the address, the key, the setting.
  private static func profile(
    of request: Request, _ address: RequestAddress, _ entry: Result<Account, Keyring.Refusal>, usual: Profile
  ) -> Result<Profile, APIError> {
    if let name = request.header(profileHeader) { return profile(named: name, in: "the header '\(profileHeader)'") }
    if let name = address.profile { return profile(named: name, in: "the profile in the path") }
    return .success((try? entry.get()).flatMap { $0.profile.flatMap(Profile.init(rawValue:)) } ?? usual)
  }

  private static func profile(named name: String, in place: String) -> Result<Profile, APIError> {
    Profile(rawValue: name).map { .success($0) } ?? .failure(.unknownProfile(name, in: place))
  }

  private static func entry(of key: String?, in keyring: Keyring) -> Result<Account, Keyring.Refusal> {
    do throws(Keyring.Refusal) { return .success(try keyring.account(for: key)) } catch { return .failure(error) }
  }

  private static func account(
    _ key: String?, _ entry: Result<Account, Keyring.Refusal>, _ profile: Result<Profile, APIError>
  ) -> Result<Account, APIError> {
    do throws(APIError) {
      if key == nil, try profile.get().rules.needsKey { throw .missingKey }
    } catch {
      return .failure(error)
    }
    return entry.mapError { refusal in
      switch refusal {
      case .missing: .missingKey
      case .unknown: .wrongKey(Keyring.masked(key ?? ""))
      case .badSession(let name): .badSession(name, in: "\(SessionName.keyPrefix)…")
      }
    }
  }

  /// nginx's ID of the request, if it sent one, so that its log and the client's can be compared.
  private static func id(of request: Request) -> String {
    if let id = request.variables["REQUEST_ID"], id.utf8.count == 32, id.utf8.allSatisfy(isHexadecimal) { return id }
    return APIService.randomHexadecimal()
  }

  private static func isHexadecimal(_ digit: UInt8) -> Bool {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
  }
}

extension RequestContext {
  /// The error for a failure that the client did not cause. The reason is logged for the operator.
  func serverError(because error: any Error) -> APIError {
    service.logger.error("request req_\(id): \(error)")
    return .serverError
  }
}

// MARK: The body

extension RequestContext {
  /// The bytes of the body, if all of them arrived.
  func wholeBody() throws(APIError) -> [UInt8] {
    switch body {
    case .whole(let bytes): bytes
    case .incomplete(let received, let announced): throw .incompleteBody(received: received, announced: announced)
    case .tooLarge(let announced, let limit): throw .bodyTooLarge(announced: announced, limit: limit)
    case .lengthUnreadable(let value): throw .lengthUnreadable(value)
    case .undecodable(let error): throw APIError(error)
    }
  }

  /// Parses the body according to its content type. It is parsed only once; the journal uses the result.
  mutating func readParameters(_ operation: ImageOperation, isLenient: Bool) throws(APIError) -> Parameters {
    let bytes = try wholeBody()
    let type = request.contentType
    let mediaType = type.map(Self.mediaType) ?? operation.mediaTypes[0]
    guard operation.mediaTypes.contains(mediaType) else { throw .unsupportedContentType(type ?? "", accepted: operation.mediaTypes) }
    isBodyRead = true
    body = .whole([])
    return mediaType == ImageOperation.form
      ? try Parameters(form: readForm(bytes, type ?? ""), isLenient: isLenient) : try readJSON(bytes, isLenient)
  }

  /// Parses a body that must be JSON. The journal uses the result.
  mutating func readJSON() throws(APIError) -> JSONValue {
    let bytes = try wholeBody()
    if let type = request.contentType, Self.mediaType(type) != ImageOperation.json { throw .unsupportedContentType(type) }
    isBodyRead = true
    body = .whole([])
    return try parseJSON(bytes)
  }

  /// Parses the body as a form. It is parsed only once; the journal uses the result.
  mutating func readForm() throws(APIError) -> MultipartForm {
    let bytes = try wholeBody()
    guard let type = request.contentType, Self.mediaType(type) == ImageOperation.form else {
      throw .unsupportedContentType(request.contentType ?? "", accepted: [ImageOperation.form])
    }
    isBodyRead = true
    body = .whole([])
    return try readForm(bytes, type)
  }

  private mutating func readForm(_ bytes: [UInt8], _ contentType: String) throws(APIError) -> MultipartForm {
    let form: MultipartForm
    do throws(MultipartError) {
      form = try MultipartForm(parsing: bytes, contentType: contentType)
    } catch {
      if isRecorded { journalBody = JournalBody(bytes, form: nil) }
      throw .unreadableForm(error.description)
    }
    if isRecorded { journalBody = JournalBody(bytes, form: form) }
    return form
  }

  private mutating func readJSON(_ bytes: [UInt8], _ isLenient: Bool) throws(APIError) -> Parameters {
    try Parameters(json: parseJSON(bytes), isLenient: isLenient)
  }

  private mutating func parseJSON(_ bytes: [UInt8]) throws(APIError) -> JSONValue {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: bytes)
    } catch {
      if isRecorded { journalBody = JournalBody(bytes, json: nil) }
      throw APIError(error)
    }
    if isRecorded { journalBody = JournalBody(bytes, json: json) }
    return json
  }

  /// Drops the body if no endpoint has read it, after the journal has taken its part.
  mutating func dropBody() {
    guard !isBodyRead, case .whole(let bytes) = body, !bytes.isEmpty else { return }
    body = .whole([])
    if isRecorded { journalBody = JournalBody(bytes, contentType: request.contentType) }
  }

  /// `application/json` for ` Application/JSON ; charset=utf-8`.
  private static func mediaType(_ contentType: String) -> String {
    let type = contentType.utf8.prefix { $0 != UInt8(ascii: ";") }
    return String(decoding: type.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }, as: UTF8.self).lowercased()
  }
}

// MARK: Finishing the response

extension RequestContext {
  /// Finishes every response, whatever its origin: applies the plan's last two points, adds the headers that all responses have, and
  /// updates the metrics and the journal.
  func finish(_ response: inout Response) {
    plan.apply(to: &response)
    addHeaders(to: &response)
    let latency = Instant.now - arrival
    service.scoreboard.countAnswer(route: routeIndex, status: response.status, latency: latency, bytes: response.length)
    service.record(self, response, latency)
  }

  /// Adds the length of the response, the name of the worker, and the headers of the surface. Without the length, a response cut off by a
  /// worker's death would look complete; that of a stream is not known.
  private func addHeaders(to response: inout Response) {
    if response.header("Content-Length") == nil, response.isLastPart, response.status != 204, response.status != 304 {
      response.add("Content-Length", String(response.length))
    }
    response.add("X-FakeAI-Worker", service.configuration.workerName)
    switch surface {
    case .api:
      addAPIHeaders(to: &response)
      response.addIgnored(ignored)
    case .own:
      response.add("Cross-Origin-Resource-Policy", "same-origin")
      response.add("X-Content-Type-Options", "nosniff")
    case .images: response.allowAllOrigins(exposing: ImageEndpoint.exposedHeaders)
    case .other: break
    }
    if method == "HEAD" { response.body = [] }
  }

  /// How late a response may be sent and still count as sent when it was due.
  private static let lateness = Duration.milliseconds(100)

  private func addAPIHeaders(to response: inout Response) {
    // A response that is sent on time was ready when it was due: a timer fires some milliseconds later.
    let now = Instant.now
    let ready = plan.due.flatMap { (.zero..<Self.lateness).contains(now - $0) ? $0 : nil } ?? now
    let taken = (ready - arrival) / .milliseconds(1)
    response.add("openai-organization", APIService.organization)
    response.add("openai-processing-ms", String(Int(taken.rounded(.up))))
    response.add("openai-project", "proj_fakeai")
    response.add("openai-version", "2020-10-01")
    response.add("x-request-id", "req_" + id)
    response.add("x-content-type-options", "nosniff")
    if APIService.isSecure(request) { response.add("strict-transport-security", "max-age=31536000; includeSubDomains; preload") }
    addRateLimitHeaders(to: &response)
    response.allowAllOrigins(exposing: CORS.exposedHeaders)
  }
}
