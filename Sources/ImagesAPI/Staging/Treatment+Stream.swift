import FastCGI
import Simulation

extension Response {
  /// Whether it is, or begins, a stream of events.
  var isStream: Bool { header("Content-Type") == ImageStream.mediaType }
}

extension Treatment {
  /// A stream as a fault of its body leaves it: all of it comes as it should but the last event, for that is where a client has most to lose.
  func spoiltStream(_ response: Response) -> Response {
    var response = response
    switch fault {
    case .emptyBody:
      response.continuation = nil
      response.body = []
    // Where nginx passes on each part at once, it takes the early end of an answer for the end of it. Where it gathers them it does not.
    case .truncate: response.set("X-Accel-Buffering", "yes")
    default: break
    }
    return spoiltPart(response)
  }

  private func spoiltPart(_ part: Response) -> Response {
    var part = part
    if let next = part.continuation {
      part.continuation = { spoiltPart(next()) }
    } else {
      spoilLast(&part)
    }
    return part
  }

  private func spoilLast(_ event: inout Response) {
    switch fault {
    case .truncate: event.delivery = .truncated(after: event.body.count / 2)
    case .slowBody: event.delivery = Self.slowDelivery
    case .malformedJSON:
      event.body.removeLast((event.body.count + 1) / 2)
      // Without the empty line, it would be no event at all.
      event.body += Array("\n\n".utf8)
    case .fewerImages: event.body = []
    case .generationFailed: event.body = ImageStream.failure.body
    default: break
    }
  }
}
