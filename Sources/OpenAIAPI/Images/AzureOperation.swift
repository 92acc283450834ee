import FastCGI
import FoundationEssentials
import ImageGeneration
import ImageStore
import JSON
import SystemCalls

/// Azure's older way to make images (api-version 2023-06-01-preview): a request is accepted at once, and its client polls the address in
/// `operation-location` until the images are there.
/// <https://learn.microsoft.com/azure/ai-services/openai/reference#image-generation>
///
/// The images are drawn before the request is accepted, which takes milliseconds. Everything else about the operation is in its ID, so that
/// any worker of any host can answer, and nothing has to be kept.
struct AzureOperation: Sendable, Equatable {
  /// Seconds since 1970.
  var created: Int
  /// When the simulated drawing is over, in milliseconds since 1970.
  var due: Int
  var format: ImageFormat
  /// 32 hexadecimal digits each.
  var images: [String]

  /// `<created>-<due>-<format>-<image>-<image>…`; the numbers in hexadecimal digits.
  var id: String { ([hexadecimal(created), hexadecimal(due), format.rawValue] + images).joined(separator: "-") }

  private func hexadecimal(_ number: Int) -> String { String(number, radix: 16) }

  init(created: Int, due: Int, format: ImageFormat, images: [String]) {
    (self.created, self.due, self.format, self.images) = (created, due, format, images)
  }

  /// - Returns: nil if no operation has this ID.
  init?(id: String) {
    let parts = id.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard (4...Self.mostParts).contains(parts.count), parts[0].count <= 12, parts[1].count <= 12, let created = Int(parts[0], radix: 16),
      let due = Int(parts[1], radix: 16), let format = ImageFormat(rawValue: parts[2]),
      parts[3...].allSatisfy({ $0.utf8.count == 32 && $0.utf8.allSatisfy(\.isHexadecimalDigit) })
    else { return nil }
    self.init(created: created, due: due, format: format, images: Array(parts[3...]))
    guard self.id == id else { return nil }
  }

  /// Three parts, and ten images.
  private static let mostParts = 13
}

extension UInt8 {
  fileprivate var isHexadecimalDigit: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
  }
}

extension AzureOperation {
  /// The response to the request that begins the operation.
  func accepted(at location: String) -> Response {
    var response = Response.json(.object([("id", .string(id)), ("status", .string("notRunning"))]), status: 202)
    response.add("operation-location", location)
    response.add("retry-after", "1")
    return response
  }

  /// The response to a poll.
  ///
  /// - Parameters:
  ///   - now: milliseconds since 1970.
  ///   - lifetime: seconds for which the images can be fetched.
  ///   - url: makes the URL of an image.
  func response(now: Int, lifetime: Int, url: (_ name: String, ImageFormat) -> String) -> Response {
    var members: [JSONMember] = [("created", .integer(created)), ("id", .string(id))]
    guard now >= due else {
      var response = Response.json(.object(members + [("status", .string("running"))]))
      response.add("retry-after", "1")
      return response
    }
    members += [
      ("expires", .integer(due / 1000 + lifetime)),
      (
        "result",
        .object([
          ("created", .integer(due / 1000)),
          ("data", .array(images.map { .object([("url", .string(url($0, format)))]) })),
        ])
      ), ("status", .string("succeeded")),
    ]
    return .json(.object(members))
  }
}

/// GET and DELETE /openai/operations/images/{operation}.
enum AzureOperationEndpoint {
  static let path = "/openai/operations/images/"

  static let get: Route.Serve = { context throws(APIError) in
    let operation = try operation(context)
    let service = context.service
    let links = ImageLinks(base: service.imageBase(for: context.request), service: service)
    return .respond(
      operation.response(now: Int(service.clock.now() / 1_000_000), lifetime: Int(service.generator.store.retention / .seconds(1))) {
        service.configuration.drawsImages ? links.url($0, $1) : links.madeUpURL($0, $1)
      })
  }

  /// There is nothing to delete: the images stay until they expire, as those of other requests do.
  static let delete: Route.Serve = { context throws(APIError) in
    _ = try operation(context)
    return .respond(Response(status: 204))
  }

  private static func operation(_ context: RequestContext) throws(APIError) -> AzureOperation {
    let id = String(context.parameter)
    guard let operation = AzureOperation(id: id) else { throw .noSuchOperation(id) }
    return operation
  }
}

extension APIError {
  /// [U]
  fileprivate static func noSuchOperation(_ id: String) -> APIError {
    APIError(404, "The operation '\(id)' does not exist.", param: "operation_id", code: "operation_not_found")
  }
}
