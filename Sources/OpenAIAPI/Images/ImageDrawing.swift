import Answers
import Drawing
import FastCGI
import ImageGeneration
import ImageStore
import Metrics
import Synchronization
import SystemCalls

/// Draws the images of a request: the renderer's part of every endpoint that makes images.
struct ImageDrawing: Sendable {
  let context: RequestContext
  let request: ImageRequest
  let job: ImageJob

  init(_ context: RequestContext, _ request: ImageRequest) {
    (self.context, self.request) = (context, request)
    job = request.job
  }

  /// Decodes the uploads. A strict profile refuses those that are not images. An upscale is nothing without its image.
  func sources() throws(APIError) -> SourceImages {
    let profile = try context.profile().rules
    return try Uploads.decode(request.inputs, request.rules, isStrict: profile.isStrict || request.operation == .upscale)
  }

  /// The same for images that were accepted before. A file that is not an image is left out.
  func lenientSources() throws(APIError) -> SourceImages { try Uploads.decode(request.inputs, request.rules, isStrict: false) }

  /// One of the images, or what takes its place.
  struct Drawn: Sendable {
    /// The file; no bytes if the server does not draw, nil if there must be no image.
    var file: [UInt8]?
    /// Its ID, if it was stored.
    var id: ImageID?
  }

  /// What becomes of a file beside the response.
  enum Keeping: Sendable {
    case nothing
    /// It is stored, or the request fails.
    case stored
    /// It is stored if somebody watches the pool, and if that costs no other image its place.
    case shown
  }

  /// Draws images, each in a step of its own, so that other requests have their turn in between.
  ///
  /// - Parameters:
  ///   - numbers: the images' indices in the response.
  ///   - keeping: what becomes of the files.
  ///   - entry: makes of an image what the response needs of it.
  ///   - finish: goes on when all images are there, or with the reason why one is not.
  func draw<Entry: Sendable>(
    _ numbers: ArraySlice<Int>, from sources: SourceImages, _ keeping: Keeping, entry: @escaping @Sendable (Drawn) -> Entry,
    finish: @escaping @Sendable (Result<[Entry], APIError>) -> Work.Step
  ) -> Work.Step {
    next([], numbers, Plan(sources: sources, keeping: keeping, entry: entry, finish: finish))
  }

  /// What stays the same from step to step.
  private struct Plan<Entry: Sendable>: Sendable {
    let sources: SourceImages
    let keeping: Keeping
    let entry: @Sendable (Drawn) -> Entry
    let finish: @Sendable (Result<[Entry], APIError>) -> Work.Step
  }

  /// - Parameter entries: the images so far.
  private func next<Entry>(_ entries: [Entry], _ numbers: ArraySlice<Int>, _ plan: Plan<Entry>) -> Work.Step {
    guard let number = numbers.first else { return plan.finish(.success(entries)) }
    do throws(APIError) {
      let file = try file(number) { plan.sources }
      guard plan.keeping != .nothing, let file, !file.isEmpty else { return goOn(entries, Drawn(file: file), numbers, plan) }
      if plan.keeping == .shown { return goOn(entries, Drawn(file: file, id: shown(file)), numbers, plan) }
      switch context.service.generator.store.insert(file, format: job.encoding.format) {
      case .ready(let result): return stored(result, file, entries, numbers, plan)
      case .pending(let start):
        return .suspended { resume in start { result in resume(stored(result, file, entries, numbers, plan)) } }
      }
    } catch {
      return plan.finish(.failure(error))
    }
  }

  /// Whether somebody watches the pool.
  var isWatched: Bool { context.service.isWatched.load(ordering: .relaxed) }

  /// - Returns: nil unless somebody watches the pool.
  private func shown(_ file: [UInt8]) -> ImageID? {
    guard isWatched else { return nil }
    return context.service.generator.store.keep(file, format: job.encoding.format)
  }

  private func stored<Entry>(
    _ result: Result<ImageID, StoreError>, _ file: [UInt8], _ entries: [Entry], _ numbers: ArraySlice<Int>, _ plan: Plan<Entry>
  ) -> Work.Step {
    switch result {
    case .success(let id): goOn(entries, Drawn(file: file, id: id), numbers, plan)
    case .failure(let error): plan.finish(.failure(APIError(error)))
    }
  }

  /// Finishes after the last image; before that, lets other requests have their turn.
  private func goOn<Entry>(_ entries: [Entry], _ drawn: Drawn, _ numbers: ArraySlice<Int>, _ plan: Plan<Entry>) -> Work.Step {
    let entries = entries + [plan.entry(drawn)]
    let rest = numbers.dropFirst()
    return rest.isEmpty ? plan.finish(.success(entries)) : .unfinished { next(entries, rest, plan) }
  }

  /// One image, with the faults of the request.
  ///
  /// - Parameters:
  ///   - number: its index in the response.
  ///   - stage: how far it has been drawn, in a stream.
  ///   - sources: the uploads; asked for only if the image is drawn.
  /// - Returns: a file; no bytes if the server does not draw, nil if there must be no image.
  func file(
    _ number: Int, at stage: RenderStage? = nil, from sources: () throws(APIError) -> SourceImages
  ) throws(APIError) -> [UInt8]? {
    try context.plan.image(job.encoding.format, streamedAt: stage) { () throws(APIError) in
      try draw(number, sources(), stage ?? .finished)
    }
  }

  /// - Parameter number: the image's index in the response.
  private func draw(_ number: Int, _ sources: SourceImages, _ stage: RenderStage) throws(APIError) -> [UInt8] {
    guard context.service.configuration.drawsImages else { return [] }
    let (began, index) = (Instant.now, context.plan.index(of: number))
    let renderer = context.service.generator.renderer
    var job = self.job
    let picture = try request.pictures.isEmpty ? nil : context.picture(request.pictures[number % request.pictures.count], job)
    if picture == nil, let template = request.template { job.template = (try context.template(template), template.words(of: request)) }
    do throws(ImageGenerationError) {
      let file =
        if let picture {
          try renderer.image(of: job, index, stage: stage, showing: picture)
        } else {
          try renderer.image(of: job, index, stage: stage, sources: sources)
        }
      if stage == .finished { context.service.scoreboard.countDrawn(in: .now - began) }
      if job.operation == .upscale { context.service.scoreboard.count(.upscaled) }
      return file
    } catch {
      throw context.serverError(because: error)
    }
  }
}
