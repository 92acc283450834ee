import Answers
import FastCGI
import ImageCoding
import ImageGeneration
import ImageStore
import ObjectStore

/// Gets the pictures of a conversation from where they are kept, and keeps new ones: in steps, because some stores answer later.
struct PictureLoader: Sendable {
  let service: APIService
  /// Whether a picture that is not there is left out. Otherwise it is an error.
  let skipsMissing: Bool

  typealias Finish<Value> = @Sendable (Result<Value, APIError>) -> Work.Step

  /// The pictures, in order.
  func load(_ pictures: [ConversationPicture], finish: @escaping Finish<[InputImage]>) -> Work.Step {
    load(pictures[...], [], finish)
  }

  private func load(
    _ pictures: ArraySlice<ConversationPicture>, _ loaded: [InputImage], _ finish: @escaping Finish<[InputImage]>
  ) -> Work.Step {
    guard let picture = pictures.first else { return finish(.success(loaded)) }
    let rest = pictures.dropFirst()
    @Sendable func goOn(_ image: InputImage) -> Work.Step { load(rest, loaded + [image], finish) }
    switch picture {
    case .elsewhere: return goOn(.elsewhere)
    case .inline(let url): return goOn(.dataURL(url))
    case .call(let id):
      guard let image = CallID.image(id) else {
        return CallID.hasNoImage(id) || skipsMissing || !service.configuration.drawsImages
          ? goOn(.elsewhere) : finish(.failure(.noSuchItem(id)))
      }
      return service.generator.store.image(for: image).step { result in
        switch result {
        case .success(let image?): goOn(Self.input(image.bytes))
        case .success(nil): skipsMissing ? goOn(.elsewhere) : finish(.failure(.noSuchItem(id)))
        case .failure(let error): finish(.failure(APIError(error)))
        }
      }
    case .file(let id):
      return service.picture(ofFile: id).step { result in
        switch result {
        case .success(let file?): goOn(Self.input(file))
        case .success(nil): skipsMissing ? goOn(.elsewhere) : finish(.failure(.noSuchFile(id)))
        case .failure(let error): finish(.failure(error.apiError))
        }
      }
    }
  }

  private static func input(_ bytes: [UInt8]) -> InputImage { .file(UploadedFile(mediaType: nil, content: bytes[...])) }

  /// Stores the pictures that only this request has, so that later turns can edit them.
  ///
  /// - Parameter finish: called with a reference for each picture; nil if it cannot be kept.
  func keep(_ pictures: [ConversationPicture], finish: @escaping Finish<[String?]>) -> Work.Step { keep(pictures[...], [], finish) }

  private func keep(_ pictures: ArraySlice<ConversationPicture>, _ kept: [String?], _ finish: @escaping Finish<[String?]>) -> Work.Step {
    guard let picture = pictures.first else { return finish(.success(kept)) }
    let rest = pictures.dropFirst()
    guard case .inline(let url) = picture, service.configuration.drawsImages, let file = try? url.content(),
      let format = UploadFormat(file.span)
    else { return keep(rest, kept + [picture.reference], finish) }
    return service.generator.store.insert(file, format: ImageFormat(format)).step { result in
      switch result {
      case .success(let id): keep(rest, kept + [CallID.make(id)], finish)
      case .failure(let error): finish(.failure(APIError(error)))
      }
    }
  }
}

extension ImageFormat {
  fileprivate init(_ format: UploadFormat) {
    self =
      switch format {
      case .png: .png
      case .jpeg: .jpeg
      case .webp: .webp
      }
  }
}

extension Answer {
  /// Goes on with the result in a step of some work, at once or when it is there.
  func step(_ goOn: @escaping @Sendable (Result<Value, Failure>) -> Work.Step) -> Work.Step {
    switch self {
    case .ready(let result): goOn(result)
    // What follows may draw, so it is the renderer's.
    case .pending(let start): .suspended { resume in start { result in resume(.unfinished { goOn(result) }) } }
    }
  }
}
