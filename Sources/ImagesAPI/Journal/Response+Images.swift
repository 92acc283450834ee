package import FastCGI
package import ImageGeneration
import ImageStore

extension Response {
  /// Tells which of the images that were made can be fetched, in a header that the journal reads too.
  package mutating func tell(_ images: [GeneratedImage]) {
    let ids = images.compactMap { if case .stored(let id) = $0 { id.description } else { nil } }
    if !ids.isEmpty { add("X-FakeAI-Images", ids.joined(separator: ",")) }
  }

  /// What ``tell(_:)`` told.
  var imageIDs: [Substring] { header("X-FakeAI-Images")?.split(separator: ",") ?? [] }
}
