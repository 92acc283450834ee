import FastCGI
import ImageGeneration
import ImageStore
import Staging
import SystemCalls

/// POST /v1/images/generations, and the same under Azure's path.
enum GenerationEndpoint {
  static let create: Route.Endpoint = { service, request, deployment throws(APIError) in
    let profile = try service.profile(for: request).rules
    let asked = try ImageRequest(.generation, Parameters(of: request), profile, deployment: decoded(deployment))
    try service.admit(request, model: asked.model, images: asked.n)
    let base = service.imageBase(for: request)
    guard service.configuration.drawsImages else {
      return .now(answer(asked, service, (0..<asked.n).map { _ in ImageEntry(madeUpFor: asked.responseFormat) }))
    }
    return .rendered {
      do throws(APIError) {
        let images = try draw(asked, service)
        var response = answer(asked, service, images.map { ImageEntry($0, base: base) })
        response.tell(images)
        return response
      } catch {
        return error.response
      }
    }
  }

  private static func draw(_ asked: ImageRequest, _ service: ImagesService) throws(APIError) -> [GeneratedImage] {
    do {
      let images = try service.generator.generate(
        prompt: asked.prompt, size: asked.size, quality: asked.quality.drawn, style: asked.style, n: asked.n,
        responseFormat: asked.responseFormat, model: asked.model, isTransparent: asked.hasAlpha)
      service.scoreboard.count(.drawn, UInt64(images.count))
      return images
    } catch let error as StoreError {
      throw APIError(error)
    } catch {
      throw .serverError
    }
  }

  private static func answer(_ asked: ImageRequest, _ service: ImagesService, _ images: [ImageEntry]) -> Response {
    ImagesAnswer(request: asked, created: Int(service.clock.now() / WallClock.nanosecondsPerSecond), images: images).response
  }

  /// Azure's deployment, which the plain path does not have.
  private static func decoded(_ component: Substring) -> String? { component.isEmpty ? nil : Route.decoded(component) }
}
