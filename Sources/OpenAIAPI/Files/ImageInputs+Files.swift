import Answers
import FastCGI
import ObjectStore

extension APIService {
  /// The content of a file that a request names as a picture; nil if there is no file with that ID. Whether it is a picture is seen when it is
  /// decoded.
  func picture(ofFile id: String) -> ObjectAnswer<[UInt8]?> { fileShelf.content(id).map { $0?.bytes } }
}

extension ImageInputs {
  private var all: [InputImage] { images + [mask, markup].compactMap { $0 } }

  /// The IDs of the files that the images are in, each once.
  var fileIDs: [String] {
    var ids: [String] = []
    for case .uploaded(let id) in all where !ids.contains(id) { ids.append(id) }
    return ids
  }

  /// Work that first reads the pictures that are given by their IDs, each from where it is kept.
  func work(readingPicturesOf service: APIService, then goOn: @escaping @Sendable (ImageInputs) -> Work) -> Work {
    work(readingStoreOf: service) { inputs in inputs.work(readingFilesOf: service, then: goOn) }
  }

  /// Work that first reads the files whose IDs are given, on the renderer's thread, and without waiting there for a server on a network.
  func work(readingFilesOf service: APIService, then goOn: @escaping @Sendable (ImageInputs) -> Work) -> Work {
    let ids = fileIDs
    guard !ids.isEmpty else { return goOn(self) }
    return Work(inSteps: {
      ObjectAnswer.all(ids.map(service.picture)).step { result in
        do throws(APIError) {
          let files = Dictionary(uniqueKeysWithValues: zip(ids, try result.orAPIError()))
          return goOn(try with(files, inventsOthers: service.configuration.inventsUnknownIDs)).begin()
        } catch {
          return .finished(error.response)
        }
      }
    })
  }

  /// The inputs with the contents of files in place of their IDs.
  ///
  /// - Parameters:
  ///   - files: by ID; nil for a file that there is not.
  ///   - inventsOthers: whether such a file counts as a picture that is elsewhere.
  func with(_ files: [String: [UInt8]?], inventsOthers: Bool) throws(APIError) -> ImageInputs {
    func content(_ image: InputImage) throws(APIError) -> InputImage {
      guard case .uploaded(let id) = image else { return image }
      if let file = files[id] ?? nil { return .file(UploadedFile(mediaType: nil, content: file[...])) }
      guard inventsOthers else { throw .noSuchFile(id) }
      return .elsewhere
    }
    var inputs = self
    inputs.images = try images.map(content)
    inputs.mask = try mask.map(content)
    inputs.markup = try markup.map(content)
    return inputs
  }
}
