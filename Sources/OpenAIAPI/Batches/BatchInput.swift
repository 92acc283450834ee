import JSON

/// The lines of a batch's input file.
struct BatchInput: Sendable {
  private let content: [UInt8]
  /// The lines with a request, which are numbered from 0.
  private let places: [Range<Int>]
  /// The numbers of the lines in the file, from 1.
  private let numbers: [Int]

  init(_ content: [UInt8]) {
    self.content = content
    var places: [Range<Int>] = []
    var numbers: [Int] = []
    var (start, number) = (0, 1)
    while start < content.count {
      let end = content[start...].firstIndex(of: UInt8(ascii: "\n")) ?? content.count
      // Blank lines are common at the end.
      if content[start..<end].contains(where: { $0 > 0x20 }) {
        places.append(start..<end)
        numbers.append(number)
      }
      (start, number) = (end + 1, number + 1)
    }
    (self.places, self.numbers) = (places, numbers)
  }

  var count: Int { places.count }

  /// - Returns: nil if it is not a JSON object.
  func line(_ index: Int) -> JSONObject? {
    guard case .object(let object)? = try? JSONValue(parsing: Array(content[places[index]])) else { return nil }
    return object
  }

  /// - Throws: what is wrong with the line.
  func request(_ index: Int) throws(LineProblem) -> BatchLine {
    guard let object = line(index) else {
      throw LineProblem(of: numbers[index], "invalid_json_line", "This line is not parseable as valid JSON.")
    }
    do throws(APIError) {
      return try BatchLine(JSONBody(members: object))
    } catch {
      throw LineProblem(of: numbers[index], "invalid_request", error.message, param: error.param)
    }
  }

  /// All that is wrong with the file, up to ``mostProblems``, and the model of the first line.
  ///
  /// The codes are those that Azure documents; the wordings are [U].
  /// <https://learn.microsoft.com/azure/ai-foundry/openai/how-to/batch#batch-error-codes>
  ///
  /// - Parameter hasOneModel: whether all lines must name the same model.
  func check(endpoint: String, hasOneModel: Bool) -> (problems: [Batch.Problem], model: String?) {
    guard count > 0 else {
      return ([Batch.Problem(code: "empty_file", message: "The input file has no requests. It must have at least one.")], nil)
    }
    guard count <= Batch.mostLines else {
      let message = "The input file has \(count) requests, which is more than \(Batch.mostLines)."
      return ([Batch.Problem(code: "too_many_tasks", message: message)], nil)
    }
    var problems: [Batch.Problem] = []
    var seen: Set<String> = []
    var model: String?
    for index in 0..<count where problems.count < Self.mostProblems {
      do throws(LineProblem) {
        let line = try request(index)
        if index == 0 { model = line.model }
        try check(line, numbers[index], endpoint: endpoint, isNew: seen.insert(line.customID).inserted)
        if hasOneModel, line.model != model { throw Self.otherModel(line, numbers[index]) }
      } catch {
        problems.append(error.problem)
      }
    }
    return (problems, model)
  }

  private static let mostProblems = 100

  private func check(_ line: BatchLine, _ number: Int, endpoint: String, isNew: Bool) throws(LineProblem) {
    guard line.method == "POST" else {
      throw LineProblem(
        of: number, "invalid_request", "The method of this request is '\(line.method)'. It must be 'POST'.", param: "method")
    }
    guard line.url == endpoint else {
      let message = "The URL of this request is '\(line.url)', which is not the endpoint of the batch, '\(endpoint)'."
      throw LineProblem(of: number, "url_mismatch", message, param: "url")
    }
    guard isNew else {
      let message = "The custom_id of this request is that of another one. It must be unique in a batch."
      throw LineProblem(of: number, "duplicate_custom_id", message, param: "custom_id")
    }
  }

  private static func otherModel(_ line: BatchLine, _ number: Int) -> LineProblem {
    let message = "The model '\(line.model ?? "")' of this request is not that of the first one. A batch must have one model."
    return LineProblem(of: number, "model_mismatch", message, param: "body.model")
  }
}

/// What is wrong with one line.
struct LineProblem: Error {
  let problem: Batch.Problem

  init(of line: Int, _ code: String, _ message: String, param: String? = nil) {
    problem = Batch.Problem(code: code, line: line, message: message, param: param)
  }
}

/// One request of a batch: `{"custom_id": …, "method": "POST", "url": …, "body": {…}}`.
struct BatchLine: Sendable {
  let customID: String
  let method: String
  let url: String
  let body: JSONObject

  init(_ line: JSONBody) throws(APIError) {
    customID = try line.requiredString("custom_id", longest: Self.longestID)
    method = try line.requiredString("method", longest: 16)
    url = try line.requiredString("url", longest: 256)
    guard let body = try line.object("body") else { throw .missing("body") }
    self.body = body.members
  }

  /// [U]
  private static let longestID = 512

  var model: String? { if case .string(let model)? = body["model"] { model.text } else { nil } }

  /// `false` is sent by some clients, and is as good as nothing.
  var isStream: Bool { body["stream"] == .boolean(true) }
}
