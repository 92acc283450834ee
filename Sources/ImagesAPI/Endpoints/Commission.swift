import Drawing
import FastCGI
import FoundationEssentials
import ImageGeneration
import ImageStore
import Metrics
import Simulation
import SystemCalls

/// A checked request for images, with all that it takes to carry it out: the renderer's half of an endpoint.
struct Commission: Sendable {
  var service: ImagesService
  var asked: ImageRequest
  var treatment: Treatment
  /// What image URLs begin with.
  var base: String
  var arrival: ContinuousClock.Instant
  /// Whether an upload that is no image is refused.
  var isStrict: Bool

  /// To draw the images, each in a step of its own; or the first event of a stream of them.
  var work: Work {
    if asked.partialImages != nil {
      return Work { do throws(APIError) { return try stream.response() } catch { return error.response } }
    }
    return asked.n > 1 ? Work(inSteps: begin) : Work { Work(inSteps: begin)() }
  }

  private func uploads() throws(APIError) -> Uploads { try Uploads(decoding: asked.inputs, asked.rules, isStrict: isStrict) }

  @Sendable private func begin() -> Work.Step {
    do throws(APIError) {
      let uploads = try uploads()
      if treatment.fault == .generationFailed { throw .generationFailed }
      if let entry = entryOfNothing {
        return .finished(ImagesAnswer(request: asked, created: created, images: (0..<asked.n).map { _ in entry() }).response)
      }
      return goOn(after: [], uploads)
    } catch {
      return .finished(error.response)
    }
  }

  /// Draws the next image, and answers after the last one.
  private func goOn(after images: [GeneratedImage], _ uploads: Uploads) -> Work.Step {
    guard images.count < asked.n else { return .finished(answer(images)) }
    do throws(APIError) {
      let images = images + [try image(images.count, uploads)]
      return images.count == asked.n ? .finished(answer(images)) : .unfinished { goOn(after: images, uploads) }
    } catch {
      return .finished(error.response)
    }
  }

  private func answer(_ images: [GeneratedImage]) -> Response {
    let entries = images.map { ImageEntry($0, asked.output.format, base: base) }
    var response = ImagesAnswer(request: asked, created: created, images: entries).response
    response.tell(images)
    return response
  }

  /// What stands for an image where none is drawn.
  private var entryOfNothing: (() -> ImageEntry)? {
    if treatment.fault == .missingImage { return { ImageEntry(missing: asked.responseFormat, base: base) } }
    if !service.configuration.drawsImages { return { ImageEntry(madeUpFor: asked.responseFormat) } }
    return nil
  }

  private func image(_ index: Int, _ uploads: Uploads) throws(APIError) -> GeneratedImage {
    let file = treatment.spoilt(try draw(index, uploads), asked.output.format.contentType)
    guard asked.responseFormat == .url else { return .file(file) }
    do throws(StoreError) {
      return .stored(try service.generator.storeImage(file, format: asked.output.format))
    } catch {
      throw APIError(error)
    }
  }

  private var stream: ImageStream {
    let uploads = StreamedUploads(on: service.shelf) { () throws(APIError) in try self.uploads() }
    var stream = ImageStream(request: asked, clock: { service.seconds() }) { index, completeness throws(APIError) in
      if treatment.fault == .missingImage, completeness == .finished { return nil }
      let uploads = try uploads.pixels()
      guard service.configuration.drawsImages else { return ImageEntry.onePixel }
      return Data(treatment.spoilt(try draw(index, uploads, completeness), asked.output.format.contentType)).base64EncodedString()
    }
    (stream.start, stream.duration) = (arrival, max(.zero, (treatment.due ?? arrival) - arrival))
    return stream
  }

  /// Seconds since 1970 at which the answer is sent.
  private var created: Int { service.seconds(in: treatment.nanosecondsUntilDue) }
}

extension Commission {
  private func draw(_ index: Int, _ uploads: Uploads, _ completeness: RenderStage = .finished) throws(APIError) -> [UInt8] {
    let began = ContinuousClock.now
    do throws(ImageRenderer.EncodingFailed) {
      let file = try illustrate(asked.description(index, completeness), uploads)
      if completeness == .finished { service.scoreboard.countDrawn(in: .now - began) }
      return file
    } catch {
      throw .serverError
    }
  }

  private func illustrate(_ description: PictureDescription, _ uploads: Uploads) throws(ImageRenderer.EncodingFailed) -> [UInt8] {
    let (renderer, encoding) = (service.generator.renderer, asked.encoding)
    switch (asked.operation, uploads.images.first) {
    case (.generation, _), (.variation, nil): return try renderer.createImage(description, as: encoding)
    case (.variation, .some(let image)): return try renderer.createVariation(description, of: image, as: encoding)
    case (.edit, _):
      return try renderer.createEdit(description, of: uploads.images, mask: uploads.mask, markup: uploads.markup, as: encoding)
    }
  }
}

extension ImagesService {
  /// Seconds since 1970, so many nanoseconds from now.
  fileprivate func seconds(in nanoseconds: Int64 = 0) -> Int { Int((clock.now() + nanoseconds) / WallClock.nanosecondsPerSecond) }
}
