import Answers
import Drawing
import FastCGI
import ImageGeneration
import ImageStore
import Metrics
import Simulation
import Synchronization
import SystemCalls

/// Draws the images of a request: the renderer's part of an image endpoint.
struct ImageDrawing: Sendable {
  private let context: RequestContext
  private let request: ImageRequest
  private let job: ImageJob
  private let links: ImageLinks
  /// Whether an upload that is not an image is refused.
  private let isStrict: Bool

  /// When the operation of a submission is over; nil: at once.
  private let operationDue: ContinuousClock.Instant?

  init(_ context: RequestContext, _ request: ImageRequest, isStrict: Bool, operationDue: ContinuousClock.Instant? = nil) {
    (self.context, self.request, self.isStrict, self.operationDue) = (context, request, isStrict, operationDue)
    job = request.job
    links = ImageLinks(
      base: context.service.imageBase(for: context.request), service: context.service, haveExpired: context.plan.fault == .expiredURL)
  }

  /// Draws each image in a step of its own, or the first event of a stream.
  var work: Work {
    if request.partialImages != nil {
      return Work { do throws(APIError) { return try streamResponse() } catch { return error.response } }
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
    guard entries.count < request.n else { return .finished(response(entries, sources)) }
    do throws(APIError) {
      let index = context.plan.index(of: entries.count)
      let file = try context.plan.image(job.encoding.format) { () throws(APIError) in try draw(index, sources) }
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
    return entries.count == request.n ? .finished(response(entries, sources)) : .unfinished { next(entries, sources) }
  }

  private func response(_ entries: [ImageEntry], _ sources: SourceImages) -> Response {
    var response = request.isSubmission ? accepted(entries) : finished(entries)
    // The ids of the images that can be fetched, for tests and for the journal.
    let ids = entries.compactMap { $0.id?.description }
    if !ids.isEmpty { response.add("X-FakeAI-Images", ids.joined(separator: ",")) }
    response.addIgnored(sources.ignored.map(\.description))
    return response
  }

  private func finished(_ entries: [ImageEntry]) -> Response {
    // The time at which the response is sent.
    let wait = max(.zero, (context.plan.due ?? .now) - .now)
    let created = context.service.seconds(in: Int64(wait / .nanoseconds(1)))
    return ImagesResponse(request: request, created: created, images: entries).response
  }

  private func accepted(_ entries: [ImageEntry]) -> Response {
    let wait = max(.zero, (operationDue ?? .now) - .now)
    let operation = AzureOperation(
      created: context.service.seconds(), due: Int(context.service.clock.now() / 1_000_000) + Int(wait / .milliseconds(1)),
      format: job.encoding.format,
      images: entries.map { $0.id?.description ?? APIService.randomHexadecimal() })
    let query = context.request.query.isEmpty ? "" : "?" + context.request.query
    return operation.accepted(at: links.base + AzureOperationEndpoint.path + operation.id + query)
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

  /// The first event, which is drawn before the headers are sent.
  private func streamResponse() throws(APIError) -> Response {
    let ignored = IgnoredUploads()
    var response = try stream(ignored).response()
    response.addIgnored(ignored.uploads.withLock { $0.map(\.description) })
    return response
  }

  private func stream(_ ignored: IgnoredUploads) -> ImageStream {
    let uploads = StreamedUploads(on: context.service.shelf) { () throws(APIError) in
      let sources = try sources()
      ignored.uploads.withLock { $0 = sources.ignored }
      return sources
    }
    var stream = ImageStream(request: request, clock: { context.service.seconds() }) { index, stage throws(APIError) in
      let file = try context.plan.image(job.encoding.format, streamedAt: stage) { () throws(APIError) in
        try draw(index, uploads.pixels(), stage)
      }
      return file.map { $0.isEmpty ? ImageEntry.onePixel : ImageEntry.base64($0) }
    }
    (stream.start, stream.duration) = (
      context.request.arrival, max(.zero, (context.plan.due ?? context.request.arrival) - context.request.arrival)
    )
    return stream
  }
}

/// What a stream found when it decoded its uploads.
private final class IgnoredUploads: Sendable {
  let uploads = Mutex<[IgnoredUpload]>([])
}
