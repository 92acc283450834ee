import Drawing
import FastCGI
import FoundationEssentials
import ImageGeneration
import ImageStore
import Metrics
import Simulation

/// Draws the images of a request: the renderer's part of an image endpoint.
struct ImageDrawing: Sendable {
  private let context: RequestContext
  private let request: ImageRequest
  private let job: ImageJob
  private let links: ImageLinks
  /// Whether an upload that is not an image is refused.
  private let isStrict: Bool

  init(_ context: RequestContext, _ request: ImageRequest, isStrict: Bool) {
    (self.context, self.request, self.isStrict) = (context, request, isStrict)
    job = request.job
    links = ImageLinks(
      base: context.service.imageBase(for: context.request), service: context.service, haveExpired: context.plan.fault == .expiredURL)
  }

  /// Draws each image in a step of its own, or the first event of a stream.
  var work: Work {
    if request.partialImages != nil {
      return Work { do throws(APIError) { return try stream.response() } catch { return error.response } }
    }
    return request.n > 1 ? Work(inSteps: begin) : Work(inOneStep: begin)
  }

  @Sendable private func begin() -> Work.Step {
    do throws(APIError) { return next([], try sources()) } catch { return .finished(error.response) }
  }

  private func sources() throws(APIError) -> SourceImages { try Uploads.decode(request.inputs, request.rules, isStrict: isStrict) }

  /// Draws the next image, and stores it if the response format is a URL.
  ///
  /// - Parameter entries: the images so far.
  private func next(_ entries: [ImageEntry], _ sources: SourceImages) -> Work.Step {
    guard entries.count < request.n else { return .finished(response(entries)) }
    do throws(APIError) {
      let file = try context.plan.image(job.encoding.format) { () throws(APIError) in try draw(entries.count, sources) }
      guard let file else { return goOn(entries, ImageEntry(missing: request.responseFormat, links: links), sources) }
      guard !file.isEmpty else { return goOn(entries, ImageEntry(madeUpFor: request.responseFormat, links: links), sources) }
      guard request.responseFormat == .url else { return goOn(entries, ImageEntry(file: file), sources) }
      switch context.service.generator.store.insert(file, format: job.encoding.format) {
      case .ready(let result): return stored(result, entries, sources)
      case .pending(let start): return .suspended { resume in start { result in resume(stored(result, entries, sources)) } }
      }
    } catch {
      return .finished(error.response)
    }
  }

  private func stored(_ result: Result<ImageID, StoreError>, _ entries: [ImageEntry], _ sources: SourceImages) -> Work.Step {
    switch result {
    case .success(let id): goOn(entries, ImageEntry(stored: id, job.encoding.format, links: links), sources)
    case .failure(let error): .finished(APIError(error).response)
    }
  }

  /// Responds after the last image; before that, lets other requests have their turn.
  private func goOn(_ entries: [ImageEntry], _ entry: ImageEntry, _ sources: SourceImages) -> Work.Step {
    let entries = entries + [entry]
    return entries.count == request.n ? .finished(response(entries)) : .unfinished { next(entries, sources) }
  }

  private func response(_ entries: [ImageEntry]) -> Response {
    // The time at which the response is sent.
    let wait = max(.zero, (context.plan.due ?? .now) - .now)
    let created = context.service.seconds(in: Int64(wait / .nanoseconds(1)))
    var response = ImagesResponse(request: request, created: created, images: entries).response
    // The ids of the images that can be fetched, for tests and for the journal.
    let ids = entries.compactMap { $0.id?.description }
    if !ids.isEmpty { response.add("X-FakeAI-Images", ids.joined(separator: ",")) }
    return response
  }

  /// - Returns: a file; no bytes if the server does not draw.
  private func draw(_ index: Int, _ sources: SourceImages, _ stage: RenderStage = .finished) throws(APIError) -> [UInt8] {
    guard context.service.configuration.drawsImages else { return [] }
    let began = ContinuousClock.now
    do throws(ImageGenerationError) {
      let file = try context.service.generator.renderer.image(of: job, index, stage: stage, sources: sources)
      if stage == .finished { context.service.scoreboard.countDrawn(in: .now - began) }
      return file
    } catch {
      throw context.serverError(because: error)
    }
  }

  private var stream: ImageStream {
    let uploads = StreamedUploads(on: context.service.shelf) { () throws(APIError) in try sources() }
    var stream = ImageStream(request: request, clock: { context.service.seconds() }) { index, stage throws(APIError) in
      let file = try context.plan.image(job.encoding.format, streamedAt: stage) { () throws(APIError) in
        try draw(index, uploads.pixels(), stage)
      }
      return file.map { $0.isEmpty ? ImageEntry.onePixel : Data($0).base64EncodedString() }
    }
    (stream.start, stream.duration) = (
      context.request.arrival, max(.zero, (context.plan.due ?? context.request.arrival) - context.request.arrival)
    )
    return stream
  }
}
