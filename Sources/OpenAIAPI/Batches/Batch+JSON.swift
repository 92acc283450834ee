import JSON
import Simulation

extension Batch {
  /// The batch as clients see it.
  var json: JSONText { .object(publicMembers) }

  /// The batch as it is stored.
  var document: [UInt8] { JSONText.object(publicMembers + [(Self.ownName, .object(ownMembers))]).compactBytes }

  private var publicMembers: [JSONMember] {
    let times = Moment.allCases.map { ($0.rawValue, moments[$0].map(JSONText.integer) ?? .null) as JSONMember }
    return [
      ("id", .string(id)), ("object", "batch"), ("endpoint", .string(endpoint)), ("model", .orNull(model)),
      ("errors", problems.isEmpty ? .null : ["object": "list", "data": .array(problems.map(\.json))]),
      ("input_file_id", .string(inputFile)), ("completion_window", .string(Self.completionWindow)), ("status", .string(status.rawValue)),
      ("output_file_id", .orNull(outputFile)), ("error_file_id", .orNull(errorFile)), ("created_at", .integer(createdSeconds)),
    ] + times + [
      (
        "request_counts",
        ["total": .integer(counts.total), "completed": .integer(counts.completed), "failed": .integer(counts.failed)]
      ), ("usage", status.isFinal && counts.total > 0 ? usage.json : .null),
      ("metadata", metadata.map { .object($0.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }) } ?? .null),
    ]
  }

  private static let ownName = "fakeai"

  private var ownMembers: [JSONMember] {
    [
      ("key", .orNull(caller.key)), ("session", .string(caller.session)), ("profile", .string(caller.profile)),
      ("scheme", .string(caller.scheme)), ("host", .string(caller.host)), ("created", .integer(Int(created))),
      ("milliseconds", .integer(Int(time / .milliseconds(1)))), ("goal", .orNull(goal?.rawValue)), ("output_life", .integer(outputLife)),
      ("files", .strings(plannedFiles)), ("is_cleared", .boolean(isCleared)),
    ]
  }

  /// - Returns: nil for bytes that are no stored batch.
  init?(document: [UInt8]) {
    guard case .object(let members)? = try? JSONValue(parsing: document) else { return nil }
    do throws(APIError) { try self.init(JSONBody(members: members)) } catch { return nil }
  }

  private init(_ body: JSONBody) throws(APIError) {
    guard let own = try body.object(Self.ownName), let status = Status(rawValue: try body.requiredString("status")) else {
      throw .missing(Self.ownName)
    }
    let any = 0...Int.max
    id = try body.requiredString("id")
    endpoint = try body.requiredString("endpoint")
    inputFile = try body.requiredString("input_file_id")
    self.status = status
    created = Int64(try own.integer("created", in: any) ?? 0)
    for moment in Moment.allCases { moments[moment] = try body.integer(moment.rawValue, in: any) }
    problems = try Self.problems(in: body)
    if let counts = try body.object("request_counts") {
      self.counts = Counts(
        total: try counts.integer("total", in: any) ?? 0, completed: try counts.integer("completed", in: any) ?? 0,
        failed: try counts.integer("failed", in: any) ?? 0)
    }
    (outputFile, errorFile, model) = (try body.string("output_file_id"), try body.string("error_file_id"), try body.string("model"))
    metadata = try body.object("metadata").map { object throws(APIError) in try object.stringMembers() }
    usage = try BatchUsage(body.object("usage"))
    caller = BatchCaller(
      key: try own.string("key"), session: try own.string("session") ?? "", profile: try own.requiredString("profile"),
      scheme: try own.string("scheme") ?? "http", host: try own.string("host") ?? "")
    time = .milliseconds(try own.integer("milliseconds", in: any) ?? 0)
    goal = try own.string("goal").flatMap(Status.init(rawValue:))
    outputLife = try own.integer("output_life", in: any) ?? Self.life
    plannedFiles = try own.strings("files") ?? []
    isCleared = try own.boolean("is_cleared") ?? false
  }

  private static func problems(in body: JSONBody) throws(APIError) -> [Problem] {
    guard case .array(let elements)? = try body.object("errors")?["data"] else { return [] }
    return try elements.map { element throws(APIError) in
      guard case .object(let members) = element else { throw .wrongType("errors.data", expected: "an object", got: element.kind) }
      let problem = JSONBody(members: members)
      return Problem(
        code: try problem.string("code") ?? "", line: try problem.integer("line", in: 0...Int.max),
        message: try problem.string("message") ?? "", param: try problem.string("param"))
    }
  }
}

extension Batch.Problem {
  fileprivate var json: JSONText {
    [
      "code": .string(code), "line": line.map(JSONText.integer) ?? .null, "message": .string(message), "param": .orNull(param),
    ]
  }
}

extension BatchUsage {
  var json: JSONText {
    [
      "input_tokens": .integer(input), "input_tokens_details": ["cached_tokens": .integer(cached)], "output_tokens": .integer(output),
      "output_tokens_details": ["reasoning_tokens": .integer(reasoning)], "total_tokens": .integer(input + output),
    ]
  }

  /// The usage in a response or a batch; none if there is none.
  init(_ body: JSONBody?) throws(APIError) {
    guard let body else { return }
    let any = 0...Int(Int32.max)
    input = try body.integer("input_tokens", in: any) ?? 0
    output = try body.integer("output_tokens", in: any) ?? 0
    cached = try body.object("input_tokens_details")?.integer("cached_tokens", in: any) ?? 0
    reasoning = try body.object("output_tokens_details")?.integer("reasoning_tokens", in: any) ?? 0
  }
}

extension JSONText {
  static func orNull(_ text: String?) -> JSONText { text.map(JSONText.string) ?? .null }
}

extension JSONBody {
  /// All members, which must be strings.
  func stringMembers() throws(APIError) -> [String: String] {
    var strings: [String: String] = [:]
    for member in members.members {
      guard case .string(let value) = member.value else {
        throw .wrongType(path + member.name.text, expected: "a string", got: member.value.kind)
      }
      strings[member.name.text] = value.text
    }
    return strings
  }
}
