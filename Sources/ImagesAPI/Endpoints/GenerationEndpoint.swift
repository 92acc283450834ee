import FastCGI
import Simulation

/// POST /v1/images/generations, /v1/images/edits and /v1/images/variations, and the first two under Azure's path.
enum GenerationEndpoint {
  static let create = endpoint(.generation)
  static let edit = endpoint(.edit)
  static let vary = endpoint(.variation)

  private static func endpoint(_ operation: ImageOperation) -> Route.Endpoint {
    { service, request, deployment throws(APIError) in
      let profile = try service.profile(for: request).rules
      guard operation != .variation || profile.hasVariations else { return .now(Response(status: 404)) }
      let deployment = deployment.isEmpty ? nil : Route.decoded(deployment)
      var asked = try ImageRequest(operation, Parameters(of: request, operation), profile, deployment: deployment)
      let directive = try service.directive(in: &asked.prompt)
      try service.admit(request, model: asked.model, images: asked.n)
      let treatment = try service.treatment(of: request, asked, saying: directive)
      let commission = Commission(
        service: service, asked: asked.treated(treatment), treatment: treatment, base: service.imageBase(for: request),
        arrival: request.arrival, isStrict: profile.isStrict)
      return try service.treat(request, asked, treatment, commission.work)
    }
  }
}

extension ImageRequest {
  /// The request as a treatment leaves it.
  fileprivate func treated(_ treatment: Treatment) -> ImageRequest {
    var treated = self
    treated.seed = treatment.seed ?? 0
    // What a stream lacks is an event.
    if treatment.fault == .fewerImages, partialImages == nil { treated.n -= 1 }
    return treated
  }
}
