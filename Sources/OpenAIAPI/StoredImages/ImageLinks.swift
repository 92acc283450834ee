import ImageGeneration
import ImageStore
import SystemCalls

/// Makes the image URLs of one response.
struct ImageLinks: Sendable {
  /// Without a slash at its end.
  let base: String
  let service: APIService
  /// Whether signed URLs have already expired.
  var haveExpired = false

  /// - Parameter name: the id of the image.
  func url(_ name: String, _ format: ImageFormat) -> String { url(name, format, at: base + "/images") }

  /// A URL that leads nowhere, for a server that does not draw.
  func madeUpURL(_ name: String = APIService.randomHexadecimal(), _ format: ImageFormat = .png) -> String {
    url(name, format, at: "https://simulated-openai-images.example.com")
  }

  private func url(_ name: String, _ format: ImageFormat, at place: String) -> String {
    let file = "\(name).\(format.fileExtension)"
    guard let signer = service.configuration.urlSigner else { return "\(place)/\(file)" }
    let life = min(URLSigner.longestLife, service.generator.store.retention)
    let query = signer.query(
      file: file, mediaType: format.mediaType, now: service.clock.now(), life: haveExpired ? .seconds(-1) : life)
    return "\(place)/\(file)?\(query)"
  }
}
