import FastCGI
import ImageGeneration
import JSON

extension Response {
  /// JSON as the API writes it: indented by two blanks, with a line break at the end.
  static func json(_ json: JSONText, status: Int = 200) -> Response {
    Response(status: status, headers: [("Content-Type", "application/json")], body: Array((json.indented + "\n").utf8))
  }
}
