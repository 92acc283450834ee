import FastCGI
import ImageGeneration
import Simulation

/// POST /v1/images/generations, /v1/images/edits, /v1/images/variations and /v1/images/upscales, and the first two under Azure's path.
enum ImagesEndpoint {
  static let generate = serve(.generation)
  static let edit = serve(.edit)
  static let vary = serve(.variation)
  static let upscale = serve(.upscale)
  /// Azure's older address, whose requests named no model.
  static let submit = serve(.generation, isSubmission: true)

  private static func serve(_ operation: ImageOperation, isSubmission: Bool = false) -> Route.Serve {
    { context throws(APIError) in
      let (service, profile) = (context.service, try context.profile().rules)
      guard operation != .variation || profile.hasVariations else { return .respond(Response(status: 404)) }
      // Like variations, it had no other model than DALL·E's.
      guard !isSubmission || profile.hasVariations else { throw .unknownURL(context.request.method, context.request.path) }
      let deployment = isSubmission ? "dall-e-2" : context.parameter.isEmpty ? nil : Route.decoded(context.parameter)
      let parameters = try context.readParameters(operation, isLenient: !profile.isStrict)
      let format = service.configuration.responseFormat
      var request =
        operation == .upscale
        ? try ImageRequest(upscale: parameters, profile, format: format)
        : try ImageRequest(operation, parameters, profile, deployment: deployment, format: format)
      context.ignored = request.ignored
      if isSubmission { (request.isSubmission, request.responseFormat, request.partialImages) = (true, .url, nil) }
      let directive = service.configuration.readsPromptDirectives ? try PromptDirective.take(from: &request.prompt) : FaultSpec()
      return try context.admit(request, directive) { request, context throws(APIError) in
        let due = context.plan.due
        if request.isSubmission { context.plan.due = nil }
        let now = context
        // A stream begins at once; its latency is spread over the events.
        if request.partialImages != nil { context.plan.due = nil }
        let work = request.inputs.work(readingPicturesOf: context.service) { inputs in
          var request = request
          request.inputs = inputs
          return ImagesDrawing(now, request, operationDue: due).work
        }
        // Where nothing is drawn or read, the way to the renderer and back would take as long as all the rest.
        let isQuick = !context.service.configuration.drawsImages && request.inputs == ImageInputs() && request.partialImages == nil
        return isQuick ? .respond(work.perform()) : .render(work)
      }
    }
  }
}
