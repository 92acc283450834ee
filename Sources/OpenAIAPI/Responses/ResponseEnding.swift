import Simulation

/// How a response of the Responses API ends. The raw values are kept with stored responses.
enum ResponseEnding: String, Sendable {
  case completed
  /// Completed, but without its output.
  case empty
  case failed
  case incomplete
  /// A stream ends with an error event. There are two forms of it; which of them the API sends is not known.
  case flatError, nestedError

  /// - Parameter fault: the fault of the request.
  init(_ fault: Fault?) {
    self =
      switch fault {
      case .emptyResponse: .empty
      case .responseFailed: .failed
      case .responseIncomplete: .incomplete
      case .errorEvent: .flatError
      case .nestedErrorEvent, .generationFailed: .nestedError
      default: .completed
      }
  }

  /// The status of the object. What a client would get as an error event is a failed response to a client that asks later.
  var status: String {
    switch self {
    case .completed, .empty: "completed"
    case .failed, .flatError, .nestedError: "failed"
    case .incomplete: "incomplete"
    }
  }

  /// Whether the response has its image calls and its message.
  var hasOutput: Bool { self == .completed || self == .empty }
}
