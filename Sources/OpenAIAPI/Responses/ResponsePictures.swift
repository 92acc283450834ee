import Answers
import Drawing
import FastCGI
import ImageGeneration
import ImageStore
import JSON
import Synchronization

/// The images of a response, for its object or its stream: from the store, or drawn again if they are not there any more.
final class ResponsePictures: Sendable {
  private let document: ResponseDocument
  private let drawing: ImageDrawing
  private let uploads: StreamedUploads
  /// The last result, because the event that ends a stream repeats those before it.
  private let last = Mutex<(call: Int, result: String?)?>(nil)

  init(_ document: ResponseDocument, _ drawing: ImageDrawing, _ uploads: StreamedUploads) {
    (self.document, self.drawing, self.uploads) = (document, drawing, uploads)
  }

  var service: APIService { drawing.context.service }

  /// Base64 of a partial image; nil if there must be none.
  func partial(_ call: Int, _ index: Int, of count: Int) throws(APIError) -> String? {
    Self.base64(try drawing.file(call, at: .partial(index, of: count)) { () throws(APIError) in try uploads.pixels() })
  }

  /// Base64 of a call's image; nil if it has none.
  func result(of call: Int, finish: @escaping PictureLoader.Finish<String?>) -> Work.Step {
    if let last = last.withLock({ $0 }), last.call == call { return finish(.success(last.result)) }
    switch document.calls[call].state {
    case .failed, .missing: return finish(.success(nil))
    case .drawnLater: return finish(drawn(call))
    case .stored(let id):
      return drawing.context.service.generator.store.image(for: id).step { [self] result in
        switch result {
        case .success(let image?): finish(.success(keep(Self.base64(image.bytes), call)))
        case .success(nil): finish(drawn(call))
        case .failure(let error): finish(.failure(APIError(error)))
        }
      }
    }
  }

  /// Those of all calls.
  func results(finish: @escaping PictureLoader.Finish<[String?]>) -> Work.Step { results([], finish) }

  private func results(_ found: [String?], _ finish: @escaping PictureLoader.Finish<[String?]>) -> Work.Step {
    guard found.count < document.calls.count else { return finish(.success(found)) }
    return result(of: found.count) { [self] result in
      switch result {
      case .success(let result): results(found + [result], finish)
      case .failure(let error): finish(.failure(error))
      }
    }
  }

  private func drawn(_ call: Int) -> Result<String?, APIError> {
    Result { () throws(APIError) in
      let file = try drawing.file(call, at: .finished) { () throws(APIError) in try uploads.pixels() }
      return keep(Self.base64(file), call)
    }
  }

  private func keep(_ result: String?, _ call: Int) -> String? {
    last.withLock { $0 = (call, result) }
    return result
  }

  static func base64(_ file: [UInt8]?) -> String? { file.map { $0.isEmpty ? ImageEntry.onePixel : Base64Encoding.text(of: $0) } }
}
