import FastCGI
import Limits
import Simulation

extension ImagesService {
  /// How long before its time an answer may be made, and must be begun. The first is long enough for a crowd to be drawn one after the other,
  /// and short beside the time for which pictures are kept; the second is what one of the largest takes.
  private static let lead = (most: Duration.seconds(3), least: Duration.milliseconds(250))

  /// Answers a request for images as its treatment says.
  func treat(
    _ request: Request, _ asked: ImageRequest, _ treatment: Treatment, _ answer: Work
  ) throws(APIError) -> Reply {
    if treatment.fault?.kind == .refusal || treatment.fault?.kind == .connection {
      return .now(treatment.marked(try unanswered(request, treatment, model: asked.model, count: asked.n)))
    }
    let work = answer.changing { $0 = treatment.marked(treatment.spoilt($0)) }
    // A stream begins at once, and takes its time from event to event.
    guard let due = treatment.due, due > request.arrival + Self.lead.least, asked.partialImages == nil else { return .rendered(work) }
    return .scheduled(max(request.arrival, due - Self.lead.most)...(due - Self.lead.least), work)
  }

  /// Lets the fault and latency stage act on an endpoint that makes no images.
  func treat(_ request: Request, answer: () throws(APIError) -> Reply) throws(APIError) -> Reply {
    let treatment = try treatment(of: request, RuleSubject(route: request.path, key: request.apiKey)).aimed(at: request.path)
    if treatment.fault == .missingImage { return .now(treatment.marked(APIError.imageNotFound.response)) }
    if treatment.fault?.kind == .refusal || treatment.fault?.kind == .connection {
      return .now(treatment.marked(try unanswered(request, treatment, model: "dall-e-3", count: 1)))
    }
    guard treatment.changesAnswers else { return try answer() }
    return try answer().changing { $0 = treatment.marked(treatment.spoilt($0)) }
  }

  /// What comes instead of an answer.
  private func unanswered(_ request: Request, _ treatment: Treatment, model: String, count: Int) throws(APIError) -> Response {
    switch treatment.fault {
    case .timeout:
      // nginx has given up by then, if the client has not, and says so with this status.
      var response = Response(status: 504)
      response.due = request.arrival + .seconds(700)
      return response
    // nginx's own status for a connection that it closes without an answer.
    case .reset: return Response(status: 444, headers: [("X-Accel-Redirect", "/_reset")])
    case let fault?:
      var response = APIError(fault, model: model, count: count, key: request.apiKey, retryAfter: treatment.retryAfter).response
      if fault == .rateLimit { response.tell(RateLimitStatus(reachedFor: treatment.retryAfter)) }
      return response
    case nil: throw .serverError
    }
  }
}

extension Treatment {
  /// The treatment without a fault that cannot strike an endpoint which makes no images: of the faults of images, some strike those that are
  /// fetched.
  fileprivate func aimed(at path: String) -> Treatment {
    let isStriking =
      switch fault {
      case .missingImage, .corruptImage: path.hasPrefix("/images/")
      default: fault?.kind != .images
      }
    var treatment = self
    if !isStriking { treatment.fault = nil }
    return treatment
  }
}

extension Route {
  /// An endpoint that makes no images, with the fault and latency stage before it.
  static func staged(_ endpoint: @escaping Endpoint) -> Endpoint {
    { service, request, parameter throws(APIError) in
      try service.treat(request) { () throws(APIError) in try endpoint(service, request, parameter) }
    }
  }
}
