import FastCGI
import ImageStore
import JSON

// The API proper.
extension EndpointDescription {
  static let generation = images(.generation, "Generates images from a prompt.")
  static let edit = images(.edit, "Edits up to 16 images, or the part of the first one that a mask selects.", errors: [404])
  static let variation = images(.variation, "Makes variations of an image.", errors: [404])

  static let upscale = images(.upscale, "Enlarges an image. The mock's own: only the profile `fakeai` has it.", errors: [404])

  /// Azure's oldest way.
  static let submission = EndpointDescription(
    summary: "Begins to generate images, for clients that poll the operation in `operation-location`.",
    body: body(of: .generation),
    responses: [
      Success(
        status: 202, meaning: "The operation has begun.", content: [(ImageOperation.json, .schema("Operation"))],
        headers: ["operation-location", "retry-after"])
    ], errors: ofImages.union([404]))
  static let operation = EndpointDescription(
    summary: "Returns the state of an operation and, when it has succeeded, its images.",
    responses: [ok("The operation.", .schema("Operation"))], errors: [404])
  static let operationDeletion = EndpointDescription(
    summary: "Deletes an operation.", responses: [Success(status: 204, meaning: "The operation was deleted.")], errors: [404])

  static let models = EndpointDescription(
    summary: "Lists the models of the profile.", responses: [ok("The models.", .list(of: .schema("Model")))])
  static let model = EndpointDescription(
    summary: "Returns a model.", responses: [ok("The model.", .schema("Model"))], errors: [404])
  static let modelDeletion = EndpointDescription(
    summary: "Deletes a model, which stays available.", responses: [ok("It was deleted.", .schema("DeletedModel"))], errors: [404])

  static let newFile = EndpointDescription(
    summary: "Stores a file, for batches and as a picture in other requests.", body: [(ImageOperation.form, .schema("NewFile"))],
    responses: [ok("The file.", .schema("File"))], errors: [415, 507])
  static let files = EndpointDescription(
    summary: "Lists files, the newest first.", query: FileListQuery.description, responses: [ok("The files.", .page(of: .schema("File")))])
  static let file = EndpointDescription(summary: "Describes a file.", responses: [ok("The file.", .schema("File"))], errors: [404])
  static let fileContent = EndpointDescription(
    summary: "Returns the content of a file.",
    responses: [Success(status: 200, meaning: "The content.", content: [("*/*", ["type": "string", "format": "binary"])])], errors: [404])
  static let fileDeletion = EndpointDescription(
    summary: "Deletes a file.", responses: [ok("It was deleted.", .schema("DeletedFile"))], errors: [404])

  private static func images(_ operation: ImageOperation, _ summary: String, errors: Set<Int> = []) -> EndpointDescription {
    var content: [JSONMember] = [(ImageOperation.json, .schema("ImagesResponse"))]
    if [.generation, .edit].contains(operation) { content.append((ImageStream.mediaType, .schema("ImageEvent"))) }
    return EndpointDescription(
      summary: summary, body: body(of: operation),
      responses: [Success(status: 200, meaning: "The images, or with `stream` their events.", content: content)],
      errors: ofImages.union(errors))
  }

  private static func body(of operation: ImageOperation) -> [JSONMember] {
    operation.mediaTypes.map { type in
      let encoding = type == ImageOperation.form ? "Form" : ""
      return (type, .schema(operation.schemaName + encoding))
    }
  }

  /// The errors of the endpoints that make images: those of content types, and of a store that cannot take an image.
  private static let ofImages: Set = [415, 507]
}

// Images, and the mock's own routes.
extension EndpointDescription {
  static let image: EndpointDescription = {
    let content: [JSONMember] = ImageFormat.allCases.map { ($0.mediaType, ["type": "string", "format": "binary"]) }
    return EndpointDescription(
      summary: "Returns a stored image.",
      responses: [
        Success(status: 200, meaning: "The image.", content: content),
        Success(status: 206, meaning: "The requested range of the image.", content: content, headers: ["Content-Range"]),
        Success(status: 304, meaning: "The client has the image."),
      ],
      // Faults can refuse it like a request of the API.
      errors: errors(of: .api).union([404, 412, 416]))
  }()

  static let alive = EndpointDescription(
    summary: "Whether the worker's event loop runs.", responses: [ok("It does.", .schema("Health"))])
  static let ready = EndpointDescription(
    summary: "Whether the worker can accept requests and serve images.", responses: [ok("It can.", .schema("Health"))])
  static let description = EndpointDescription(
    summary: "Describes all routes as an OpenAPI document.", responses: [ok("This document.", ["type": "object"])])

  static let overview = EndpointDescription(
    summary: "Lists all routes.", responses: [ok("The routes.", .list(of: .schema("Route")))])
  static let statistics = EndpointDescription(
    summary: "Returns the numbers of images, and all metrics of the store and the workers.",
    responses: [ok("The numbers.", .schema("Statistics"))])
  static let faults = EndpointDescription(
    summary: "Lists the faults that a request or a rule can ask for.", responses: [ok("The faults.", .list(of: .schema("Fault")))])
  static let rules = EndpointDescription(
    summary: "Returns the rules of a session, or of the requests without one.", query: [.session],
    responses: [ok("The rules.", .schema("Rules"))])
  static let newRules = EndpointDescription(
    summary: "Replaces the rules of a session, or of the requests without one.", query: [.session],
    body: [(ImageOperation.json, .schema("Rules"))], responses: [ok("The rules.", .schema("Rules"), headers: [Response.unconfirmedHeader])])
  static let limits = EndpointDescription(
    summary: "Lists the accepted keys and what is left of their limits.", responses: [ok("The keys.", .list(of: .schema("KeyLimits")))])
  static let journal = EndpointDescription(
    summary: "Returns recorded requests, or waits for one.", query: JournalQuery.description,
    responses: [
      ok("The requests.", .schema("JournalPage")),
      Success(
        status: 408, meaning: "Fewer requests match than expected; or the request did not arrive in time.",
        content: [(ImageOperation.json, ["anyOf": [.schema("JournalPage"), .schema("Error")]])]),
    ], errors: [404])
  static let journalDeletion = EndpointDescription(
    summary: "Removes recorded requests.", query: JournalQuery.filterDescription,
    responses: [ok("They were removed.", .schema("Cleared"))], errors: [404])
  static let events = EndpointDescription(
    summary: "Streams recorded requests and the figures of each second as they come.", query: EventsQuery.description,
    responses: [
      Success(status: 200, meaning: "The events, without an end.", content: [(ImageStream.mediaType, .schema("PoolEvent"))])
    ], errors: [404])
  static let reset = EndpointDescription(
    summary: "Clears journal, rules, counts and rate limits, of one session or of all.", query: [.session],
    responses: [ok("What was reset.", .schema("Reset"), headers: [Response.unconfirmedHeader])])
  static let metrics = EndpointDescription(
    summary: "Returns all metrics in Prometheus' format.",
    responses: [Success(status: 200, meaning: "The metrics.", content: [("text/plain", ["type": "string"])])])
}
