import Drawing
import FastCGI
import FoundationEssentials
import ImageGeneration
import ImageStore
import Staging
import SystemCalls

/// POST /v1/images/generations, and the same under Azure's path.
enum GenerationEndpoint {
  static let create: Route.Endpoint = { service, request, deployment throws(APIError) in
    let profile = try service.profile(for: request).rules
    let deployment = deployment.isEmpty ? nil : Route.decoded(deployment)
    let asked = try ImageRequest(.generation, Parameters(of: request), profile, deployment: deployment)
    try service.admit(request, model: asked.model, images: asked.n)
    let base = service.imageBase(for: request)
    return .rendered {
      do throws(APIError) {
        return try asked.partialImages == nil ? answer(asked, service, base: base) : stream(asked, service).response()
      } catch {
        return error.response
      }
    }
  }

  private static func answer(_ asked: ImageRequest, _ service: ImagesService, base: String) throws(APIError) -> Response {
    guard service.configuration.drawsImages else {
      return ImagesAnswer(
        request: asked, created: service.now, images: (0..<asked.n).map { _ in ImageEntry(madeUpFor: asked.responseFormat) }
      )
      .response
    }
    var images: [GeneratedImage] = []
    for index in 0..<asked.n { images.append(try image(asked, index, service)) }
    var response = ImagesAnswer(request: asked, created: service.now, images: images.map { ImageEntry($0, base: base) }).response
    response.tell(images)
    return response
  }

  private static func image(_ asked: ImageRequest, _ index: Int, _ service: ImagesService) throws(APIError) -> GeneratedImage {
    let file = try service.draw(asked.description(index))
    guard asked.responseFormat == .url else { return .file(file) }
    do throws(StoreError) { return .stored(try service.generator.storeImage(file)) } catch { throw APIError(error) }
  }

  private static func stream(_ asked: ImageRequest, _ service: ImagesService) -> ImageStream {
    ImageStream(request: asked, clock: { service.now }) { index, completeness throws(APIError) in
      guard service.configuration.drawsImages else { return ImageEntry.onePixel }
      return Data(try service.draw(asked.description(index, completeness))).base64EncodedString()
    }
  }
}

extension ImagesService {
  /// Seconds since 1970.
  fileprivate var now: Int { Int(clock.now() / WallClock.nanosecondsPerSecond) }

  fileprivate func draw(_ description: PictureDescription) throws(APIError) -> [UInt8] {
    let began = ContinuousClock.now
    do throws(Illustrator.EncodingFailed) {
      let file = try generator.createImage(description)
      if description.completeness == .finished { scoreboard.countDrawn(in: .now - began) }
      return file
    } catch {
      throw .serverError
    }
  }
}
