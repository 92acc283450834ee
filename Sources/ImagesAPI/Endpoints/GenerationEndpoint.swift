import Drawing
import FastCGI
import FoundationEssentials
import ImageGeneration
import ImageStore
import Staging
import SystemCalls

/// POST /v1/images/generations.
enum GenerationEndpoint {
  static let create: Route.Endpoint = { service, request, _ throws(APIError) in
    let asked = try GenerationRequest(parsing: request)
    try service.admit(request, model: asked.model, images: asked.n)
    let base = service.imageBase(for: request)
    guard service.configuration.drawsImages else { return .now(answer(asked, service, imagesMadeUp(for: asked))) }
    return .rendered {
      do throws(APIError) {
        let images = try draw(asked, service)
        var response = answer(asked, service, images.map { entry($0, base: base) })
        response.tell(images)
        return response
      } catch {
        return error.response
      }
    }
  }

  private static func draw(_ asked: GenerationRequest, _ service: ImagesService) throws(APIError) -> [GeneratedImage] {
    do {
      let images = try service.generator.generate(
        prompt: asked.prompt, size: asked.size, quality: asked.quality, style: asked.style, n: asked.n,
        responseFormat: asked.responseFormat, model: asked.model, isTransparent: asked.isTransparent)
      service.scoreboard.count(.drawn, UInt64(images.count))
      return images
    } catch let error as StoreError {
      throw APIError(error)
    } catch {
      throw .serverError
    }
  }

  private static func answer(_ asked: GenerationRequest, _ service: ImagesService, _ images: [JSONMember]) -> Response {
    let revised: [JSONMember] = asked.model == "dall-e-3" ? [("revised_prompt", .string(asked.prompt))] : []
    return .json(
      .object([
        ("created", .integer(Int(service.clock.now() / WallClock.nanosecondsPerSecond))),
        ("data", .array(images.map { .object([$0] + revised) })),
      ]))
  }

  private typealias JSONMember = (key: String, value: JSONText)

  private static func entry(_ image: GeneratedImage, base: String) -> JSONMember {
    switch image {
    case .stored(let id): ("url", .string("\(base)/images/\(id).png"))
    case .file(let bytes): ("b64_json", .verbatim("\"\(Data(bytes).base64EncodedString())\""))
    }
  }

  private static func imagesMadeUp(for asked: GenerationRequest) -> [JSONMember] {
    (0..<asked.n).map { _ in
      switch asked.responseFormat {
      case .url: ("url", .string("https://simulated-openai-images.example.com/\(ImagesService.randomHexadecimal()).png"))
      case .base64: ("b64_json", .string(onePixel))
      }
    }
  }

  /// A PNG of one pixel.
  private static let onePixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
}
