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
    var asked = try ImageRequest(.generation, Parameters(of: request), profile, deployment: deployment)
    let directive = try service.directive(in: &asked.prompt)
    try service.admit(request, model: asked.model, images: asked.n)
    let treatment = try service.treatment(of: request, asked, saying: directive)
    let base = service.imageBase(for: request)
    return try service.treat(request, asked, treatment) { [asked = asked.treated(treatment)] in
      do throws(APIError) {
        return try asked.partialImages == nil
          ? answer(asked, treatment, service, base: base)
          : stream(asked, treatment, service, since: request.arrival).response()
      } catch {
        return error.response
      }
    }
  }

  private static func answer(
    _ asked: ImageRequest, _ treatment: Treatment, _ service: ImagesService, base: String
  ) throws(APIError) -> Response {
    let created = service.seconds(at: treatment)
    guard service.configuration.drawsImages else {
      return ImagesAnswer(
        request: asked, created: created, images: (0..<asked.n).map { _ in ImageEntry(madeUpFor: asked.responseFormat) }
      )
      .response
    }
    if treatment.fault == .missingImage {
      return ImagesAnswer(
        request: asked, created: created, images: (0..<asked.n).map { _ in ImageEntry(missing: asked.responseFormat, base: base) }
      ).response
    }
    var images: [GeneratedImage] = []
    for index in 0..<asked.n { images.append(try image(asked, index, treatment, service)) }
    var response = ImagesAnswer(request: asked, created: created, images: images.map { ImageEntry($0, base: base) }).response
    response.tell(images)
    return response
  }

  private static func image(
    _ asked: ImageRequest, _ index: Int, _ treatment: Treatment, _ service: ImagesService
  ) throws(APIError) -> GeneratedImage {
    let file = treatment.spoilt(try service.draw(asked.description(index)))
    guard asked.responseFormat == .url else { return .file(file) }
    do throws(StoreError) { return .stored(try service.generator.storeImage(file)) } catch { throw APIError(error) }
  }

  private static func stream(
    _ asked: ImageRequest, _ treatment: Treatment, _ service: ImagesService, since start: ContinuousClock.Instant
  ) -> ImageStream {
    var stream = ImageStream(request: asked, clock: { service.now }) { index, completeness throws(APIError) in
      guard service.configuration.drawsImages else { return ImageEntry.onePixel }
      return Data(treatment.spoilt(try service.draw(asked.description(index, completeness)))).base64EncodedString()
    }
    (stream.start, stream.duration) = (start, max(.zero, (treatment.due ?? start) - start))
    return stream
  }
}

extension ImageRequest {
  /// The request as a treatment leaves it.
  fileprivate func treated(_ treatment: Treatment) -> ImageRequest {
    var treated = self
    treated.seed = treatment.seed ?? 0
    // A stream has one image at least.
    if treatment.fault == .fewerImages { treated.n = max(n - 1, partialImages == nil ? 0 : 1) }
    return treated
  }
}

extension ImagesService {
  /// Seconds since 1970.
  fileprivate var now: Int { Int(clock.now() / WallClock.nanosecondsPerSecond) }

  /// Seconds since 1970 at which an answer is sent.
  fileprivate func seconds(at treatment: Treatment) -> Int {
    Int((clock.now() + treatment.nanosecondsUntilDue) / WallClock.nanosecondsPerSecond)
  }

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
