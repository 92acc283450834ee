import FastCGI
import ImageGeneration
import SystemCalls

/// A stored response that is asked for: its object with its images, or its stream, read again.
struct StoredResponse: Sendable {
  let context: RequestContext
  let document: ResponseDocument

  private var service: APIService { context.service }

  /// - Throws: an error for a request that cannot be made again.
  func begin(_ query: ResponseQuery) throws(APIError) -> Work.Step {
    let redrawing = document.redrawing
    let references = (redrawing.sources + (redrawing.mask.map { [$0] } ?? [])).map { ConversationPicture(reference: $0) }
    let image = try request()
    // Of a picture that is gone, the edit shows nothing.
    return PictureLoader(service: service, skipsMissing: true).load(references) { loaded in
      do throws(APIError) {
        let inputs = try loaded.get()
        var image = image
        let mask = redrawing.mask == nil ? nil : inputs.last
        image.inputs = ImageInputs(images: Array(inputs.prefix(redrawing.sources.count)), mask: mask)
        return answer(image, query)
      } catch {
        return .finished(error.response)
      }
    }
  }

  /// The images of the calls, as they were requested.
  private func request() throws(APIError) -> ImageRequest {
    let redrawing = document.redrawing
    let tool = try ImageTool(redrawing.tool, index: 0, isStrict: false)
    var image = try tool.request(
      redrawing.operation, drawing: document.prompt, redrawing.profile.rules, deployment: redrawing.deployment,
      isStream: redrawing.partialImages != nil)
    (image.n, image.size, image.seed, image.moment) = (document.calls.count, redrawing.size, redrawing.seed, redrawing.moment)
    (image.pictures, image.template) = (redrawing.pictures, redrawing.template)
    return image
  }

  private func answer(_ image: ImageRequest, _ query: ResponseQuery) -> Work.Step {
    let drawing = ImageDrawing(context, image)
    let uploads = StreamedUploads(on: service.shelf) { () throws(APIError) in try drawing.lenientSources() }
    let pictures = ResponsePictures(document, drawing, uploads)
    guard query.isStream else {
      return pictures.results { results in
        do throws(APIError) {
          return .finished(.json(ResponseObject(document, status: "completed", results: try results.get()).json))
        } catch {
          return .finished(error.response)
        }
      }
    }
    let now = service.milliseconds()
    let elapsed = Duration.milliseconds(now - document.created)
    var stream = ResponseStream(
      document, pictures, isObfuscated: query.isObfuscated, from: .now - elapsed, over: .milliseconds(document.due - document.created))
    stream.first = query.first
    return stream.begin()
  }
}
