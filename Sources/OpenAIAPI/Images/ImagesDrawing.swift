import Drawing
import FastCGI
import ImageGeneration
import ImageStore
import JSON
import Simulation
import Synchronization
import SystemCalls

/// Draws the images of a request to the Images API, and makes its response.
struct ImagesDrawing: Sendable {
  private let drawing: ImageDrawing
  private let links: ImageLinks
  /// When the operation of a submission is over; nil: at once.
  private let operationDue: Instant?

  private var context: RequestContext { drawing.context }
  private var request: ImageRequest { drawing.request }

  init(_ context: RequestContext, _ request: ImageRequest, operationDue: Instant? = nil) {
    drawing = ImageDrawing(context, request)
    self.operationDue = operationDue
    links = ImageLinks(
      base: context.service.imageBase(for: context.request), service: context.service, haveExpired: context.plan.fault == .expiredURL)
  }

  /// Draws each image in a step of its own, or the first event of a stream.
  var work: Work {
    guard request.partialImages != nil else { return request.n > 1 ? Work(inSteps: begin) : Work(inOneStep: begin) }
    return drawing.isWatched ? Work(inSteps: beginWatchedStream) : Work { streamResponse(kept: []) }
  }

  @Sendable private func begin() -> Work.Step {
    do throws(APIError) {
      let sources = try drawing.sources()
      return try sized(for: sources).draw(from: sources)
    } catch {
      return .finished(error.response)
    }
  }

  private func draw(from sources: SourceImages) -> Work.Step {
    let keeping: ImageDrawing.Keeping = request.responseFormat == .url ? .stored : .shown
    return drawing.draw(Array(0..<request.n)[...], from: sources, keeping, entry: entry) { result in
      do throws(APIError) { return .finished(response(try result.get(), sources)) } catch { return .finished(error.response) }
    }
  }

  /// For an upscale, the same with the size of the result, which is known only when the image has been decoded.
  private func sized(for sources: SourceImages) throws(APIError) -> ImagesDrawing {
    guard let enlargement = request.enlargement, let image = sources.images.first else { return self }
    var sized = request
    sized.size = try enlargement.apiSize(of: image, isWrong: context.plan.fault == .wrongSize)
    return ImagesDrawing(context, sized, operationDue: operationDue)
  }

  @Sendable private func entry(_ drawn: ImageDrawing.Drawn) -> ImageEntry {
    guard let file = drawn.file else { return ImageEntry(missing: request.responseFormat, links: links) }
    guard !file.isEmpty else { return ImageEntry(madeUpFor: request.responseFormat, links: links) }
    guard request.responseFormat == .url, let id = drawn.id else { return ImageEntry(file: file, kept: drawn.id) }
    return ImageEntry(stored: id, drawing.job.encoding.format, links: links)
  }

  private func response(_ entries: [ImageEntry], _ sources: SourceImages) -> Response {
    var response = request.isSubmission ? accepted(entries) : finished(entries)
    // The ids of the images that can be fetched, for tests and for the journal.
    response.addImages(entries.compactMap(\.id), drawing.job.encoding.format)
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
      format: drawing.job.encoding.format,
      images: entries.map { $0.id?.description ?? APIService.randomHexadecimal() })
    let query = context.request.query.isEmpty ? "" : "?" + context.request.query
    return operation.accepted(at: links.base + AzureOperationEndpoint.path + operation.id + query)
  }

  /// Keeps the images for those who watch the pool, and then begins the stream. They are drawn twice, because the stream draws each when it is
  /// due. An image that fails is the stream's affair.
  @Sendable private func beginWatchedStream() -> Work.Step {
    guard let sources = try? drawing.sources() else { return .finished(streamResponse(kept: [])) }
    return drawing.draw(Array(0..<request.n)[...], from: sources, .shown, entry: \.id) { result in
      .finished(streamResponse(kept: ((try? result.get()) ?? []).compactMap { $0 }))
    }
  }

  /// The first event, which is drawn before the headers are sent.
  ///
  /// - Parameter kept: the images that can be fetched.
  private func streamResponse(kept: [ImageID]) -> Response {
    do throws(APIError) {
      let ignored = IgnoredUploads()
      var response = try stream(ignored).response()
      response.addImages(kept, drawing.job.encoding.format)
      response.addIgnored(ignored.uploads.withLock { $0.map(\.description) })
      return response
    } catch {
      return error.response
    }
  }

  private func stream(_ ignored: IgnoredUploads) -> ImageStream {
    let uploads = StreamedUploads(on: context.service.shelf) { () throws(APIError) in
      let sources = try drawing.sources()
      ignored.uploads.withLock { $0 = sources.ignored }
      return sources
    }
    var stream = ImageStream(request: request, clock: { context.service.seconds() }) { number, stage throws(APIError) in
      let file = try drawing.file(number, at: stage) { () throws(APIError) in try uploads.pixels() }
      return file.map { $0.isEmpty ? ImageEntry.onePixel : Base64Encoding.text(of: $0) }
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

extension Response {
  static let imagesHeader = "X-FakeAI-Images"
  static let imageFormatHeader = "X-FakeAI-Image-Format"

  /// Adds the IDs and the format of images that can be fetched, for tests and for the journal.
  mutating func addImages(_ ids: [ImageID], _ format: ImageFormat) {
    guard !ids.isEmpty else { return }
    add(Self.imagesHeader, ids.map(\.description).joined(separator: ","))
    add(Self.imageFormatHeader, format.fileExtension)
  }
}
