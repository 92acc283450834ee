import FastCGI
import JSON

/// The result of one line: a line of the output or of the error file.
///
/// It is stored as a line of numbers, which counts and usage are made of, and the line for the file.
struct BatchResult: Sendable, Equatable {
  var isCompleted: Bool
  var usage = BatchUsage()
  /// With the line end.
  var line: [UInt8]

  private init(isCompleted: Bool, usage: BatchUsage = BatchUsage(), line: [UInt8]) {
    (self.isCompleted, self.usage, self.line) = (isCompleted, usage, line)
  }

  /// - Parameter id: of the request, 32 hexadecimal digits.
  init(of customID: String, id: String, _ response: Response) {
    guard let json = try? JSONValue(parsing: response.body), case .object(let body) = json else {
      // The body has been damaged by a fault, or there is none because the connection would have been closed.
      self.init(of: customID, code: "server_error", "The request ended with status \(response.status) and without a valid body.")
      return
    }
    let head = #"{"status_code":\#(response.status),"request_id":\#(JSONText.string(id).compact),"body":"#
    self.init(
      isCompleted: (200..<300).contains(response.status),
      usage: (try? BatchUsage(JSONBody(members: body).object("usage"))) ?? BatchUsage(),
      line: Array((Self.start(customID) + head).utf8) + Self.onOneLine(response.body) + Array("},\"error\":null}\n".utf8))
  }

  /// A line without a response.
  init(of customID: String, code: String, _ message: String) {
    let error: JSONText = ["code": .string(code), "message": .string(message)]
    self.init(isCompleted: false, line: Array((Self.start(customID) + "null,\"error\":\(error.compact)}\n").utf8))
  }

  private static func start(_ customID: String) -> String {
    let id = JSONText.string("batch_req_" + APIService.randomHexadecimal()).compact
    return #"{"id":\#(id),"custom_id":\#(JSONText.string(customID).compact),"response":"#
  }

  /// Valid JSON without the white space between its tokens.
  private static func onOneLine(_ json: [UInt8]) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(json.count)
    var (isInString, isEscaped) = (false, false)
    for byte in json {
      if isInString {
        (isInString, isEscaped) = (isEscaped || byte != UInt8(ascii: "\""), !isEscaped && byte == UInt8(ascii: "\\"))
      } else {
        guard byte > 0x20 else { continue }
        isInString = byte == UInt8(ascii: "\"")
      }
      line.append(byte)
    }
    return line
  }
}

extension BatchResult {
  var stored: [UInt8] {
    let numbers = [isCompleted ? 1 : 0, usage.input, usage.cached, usage.output, usage.reasoning]
    return Array((numbers.map(String.init).joined(separator: " ") + "\n").utf8) + line
  }

  /// - Returns: nil for bytes that are no stored result.
  init?(stored bytes: [UInt8]) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let numbers = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 5 else { return nil }
    let usage = BatchUsage(input: numbers[1], cached: numbers[2], output: numbers[3], reasoning: numbers[4])
    self.init(isCompleted: numbers[0] == 1, usage: usage, line: Array(bytes[(end + 1)...]))
  }
}
