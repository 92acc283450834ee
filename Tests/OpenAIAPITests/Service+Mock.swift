import Glibc
import ImageGeneration
import ImageStore
import OpenAIAPI
import JSON
import Journal
import Limits
import Logging
import Metrics
import ObjectStoreTesting
import Redis
import RedisTesting
import RingTesting
import SharedMemory
import Simulation
import Synchronization
import SystemCalls
@testable import FastCGI

/// The service with its own store, at a time that the test sets; called without a socket.
final class ServiceFixture: Sendable {
  private let place = TemporaryStore()
  var name: String { place.name }
  let service: APIService
  private let time: TestTime

  init(
    configuration: APIService.Configuration = .init(workerName: "7-42"), size: Int = 4 << 20, evictsWhenFull: Bool = true,
    limits: [RateLimitKind: Int] = [:], logger: Logger = Logger(label: "test"), isDeferred: Bool = false,
    isUnavailable: Bool = false, redis: RedisClient? = nil, timestamp: String? = nil
  ) throws {
    let time = TestTime()
    self.time = time
    let name = place.name
    let pool = PoolMemory(store: name, identity: 1)
    let clock = WallClock { time.nanoseconds.withLock { $0 } }
    let store = try SharedMemoryStore(name: name, size: size, retention: .seconds(3600), evictsWhenFull: evictsWhenFull, clock: clock)
    var limiter: any RateLimits = try RateLimiter(name: name, shared: limits, clock: clock)
    var rules: any Rules = try SharedRules(of: pool)
    var journal: any RequestLog = try Journal(of: pool, size: 20, clock: clock)
    if isDeferred { (limiter, rules, journal) = (DeferredLimits(base: limiter), DeferredRules(base: rules), DeferredLog(base: journal)) }
    if isUnavailable { (limiter, rules, journal) = (UnavailableState(), UnavailableState(), UnavailableState()) }
    if let redis {
      let prefix = SharedServers.uniquePrefix()
      limiter = RedisRateLimiter(redis, prefix: prefix, shared: limits, clock: clock)
      rules = try RedisRules(redis, prefix: prefix, host: "a", of: pool)
      journal = RedisJournal(redis, prefix: prefix, size: 20)
    }
    let objects = ProcessObjectStore(clock: { clock.now() })
    service = APIService(
      generator: ImageGenerator(renderer: try ImageRenderer(timestamp: timestamp), store: isDeferred ? DeferredStore(base: store) : store),
      objects: isDeferred ? DeferredObjects(base: objects) : objects,
      scoreboard: try Scoreboard(name: name, worker: 7, routes: APIService.routeNames), limiter: limiter, rules: rules, journal: journal,
      configuration: configuration, clock: clock, logger: logger)
  }

  /// Overwrites the content of the scoreboard with ones.
  func spoilScoreboard() {
    let file = open("/dev/shm" + Scoreboard.segmentName(name), O_WRONLY)
    defer { close(file) }
    var status = stat()
    fstat(file, &status)
    let ones = [UInt8](repeating: 0xff, count: Int(status.st_size) - 4096)
    pwrite(file, ones, ones.count, 4096)
  }

  func wait(seconds: Int64) { time.nanoseconds.withLock { $0 += seconds * 1_000_000_000 } }

  /// Sends a request and does the renderer's work.
  func send(_ request: Request) -> Response {
    service.reply(to: request).run()
  }

  func get(_ path: String, method: String = "GET", _ variables: [String: String] = [:]) -> Response {
    send(Request(method: method, path: path, variables: CGIParameters(variables)))
  }

  func generate(_ json: String, _ variables: [String: String] = [:]) -> Response { reply(json, variables).run() }

  /// The reply to a request for images.
  func reply(_ json: String, _ variables: [String: String] = [:]) -> Reply {
    let usual = ["CONTENT_TYPE": "application/json", "HTTP_HOST": "mock.test:8000", "REQUEST_SCHEME": "http"]
    let given = CGIParameters(usual.merging(variables) { $1 })
    return service.reply(
      to: Request(method: "POST", path: "/v1/images/generations", variables: given, body: .whole(Array(json.utf8))))
  }

  /// Generates one small image.
  /// - Returns: the path it is served at.
  func imagePath() -> String {
    let text = generate(#"{"prompt":"A lake","size":"256x256"}"#).text
    return String(text.firstMatch(of: /\/images\/[^"]*/)!.output)
  }
}

/// Starts at 2026-11-22T12:00:00Z.
private final class TestTime: Sendable {
  let nanoseconds = Mutex<Int64>(1_795_348_800 * 1_000_000_000)
}

extension Reply {
  /// Does the work of the loop and the renderer, without any waiting.
  func run() -> Response {
    switch action {
    // What completes it says how the response is finished.
    case .wait(let pending): return pending.run(finish)
    case .respond, .render:
      var response = action.run()
      finish?(&response)
      return response
    }
  }
}

extension Reply.Action {
  /// The response as it is before it is finished.
  func run() -> Response {
    switch self {
    case .respond(let response): response
    case .render(let work): work.perform()
    case .wait(let pending): pending.run()
    }
  }
}

extension PendingReply {
  /// Waits for the completion until the deadline, as the loop does. A polled reply is not waited for.
  /// - Parameter finish: finishes the response, unless what completes the reply brings a function of its own.
  func run(_ finish: (@Sendable (inout Response) -> Void)? = nil) -> Response {
    guard case .completion(let start) = source, let queue = try? CompletionQueue() else { return Reply(onTimeout(), finish: finish).run() }
    start(Completion(connection: ConnectionID(descriptor: -1, generation: 0), request: 1, queue: queue))
    while queue.count == 0 {
      guard .now < deadline else { return Reply(onTimeout(), finish: finish).run() }
      usleep(500)
    }
    var reply = queue.takeAll()[0].reply
    reply.finish = reply.finish ?? finish
    return reply.run()
  }
}

extension Response {
  var text: String { String(decoding: body, as: UTF8.self) }

  /// The error in the API's format.
  static func errorText(_ message: String, type: String = "invalid_request_error", param: String? = nil, code: String? = nil) -> String {
    JSONText.object([
      (
        "error",
        .object([
          ("message", .string(message)), ("type", .string(type)), ("param", param.map(JSONText.string) ?? .null),
          ("code", code.map(JSONText.string) ?? .null),
        ])
      )
    ]).indented + "\n"
  }
}
