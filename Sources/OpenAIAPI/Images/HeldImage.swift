import Answers
import FastCGI
import ImageGeneration
import ImageStore
import JSON

extension Parameters {
  /// The only image of an upscale: a file in a form, or in JSON `{"image_url": …}` or `{"file_id": …}`. In both it may be a text: a `data:` URL, the
  /// URL or the ID of an image in the store, or the ID of a file.
  func heldImage(_ name: String) throws(APIError) -> InputImage {
    switch self[name] {
    case nil, .null: throw .missing(name)
    case .file(let file): return .file(file)
    case .text(let text): return try heldImage(name, JSONString(text))
    case .string(let text): return try heldImage(name, text)
    case .object(let members):
      if case .string(let url)? = members["image_url"], members.count == 1 { return try heldImage("\(name).image_url", url) }
      return try reference(name, .object(members))
    case .some(let other): throw .wrongType(name, expected: isForm ? "a file or a string" : "a string or an object", got: other.kind)
    }
  }

  private func heldImage(_ name: String, _ text: JSONString) throws(APIError) -> InputImage {
    if text.utf8.starts(with: FileObject.prefix.utf8) { return .uploaded(id: text.text) }
    if let id = ImageID(address: text.utf8) { return .stored(id) }
    switch try link(text, name) {
    case nil: throw .noHeldImage(name)
    case .elsewhere?: throw .notFetched(name)
    case let image?: return image
    }
  }
}

extension ImageID {
  /// The ID in the URL of an image, whatever its host and its query: `https://…/images/<id>.png?…`. The ID by itself is one too.
  fileprivate init?(address: ArraySlice<UInt8>) {
    // No address is longer. Others are images.
    guard address.count <= 4096 else { return nil }
    let path = address.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    let name = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? []
    let digits = name.prefix { $0 != UInt8(ascii: ".") }
    self.init(String(decoding: digits, as: UTF8.self))
  }
}

extension ImageInputs {
  /// Work that first reads an image of the store, on the renderer's thread, and without waiting there for a server on a network.
  func work(readingStoreOf service: APIService, then goOn: @escaping @Sendable (ImageInputs) -> Work) -> Work {
    guard case .stored(let id)? = images.first else { return goOn(self) }
    return Work(inSteps: {
      service.generator.store.image(for: id).step { result in
        var inputs = self
        switch result {
        case .success(let image?): inputs.images[0] = .file(UploadedFile(mediaType: nil, content: image.bytes[...]))
        case .success(nil) where service.inventsPictures: inputs.images[0] = .elsewhere
        case .success(nil): return .finished(APIError.noSuchImage(id).response)
        case .failure(let error): return .finished(APIError(error).response)
        }
        return goOn(inputs).begin()
      }
    })
  }
}

extension APIService {
  /// Whether a picture that is not there counts as one that is elsewhere.
  fileprivate var inventsPictures: Bool { configuration.inventsUnknownIDs || !configuration.drawsImages }
}
