import FastCGI
import ImageGeneration
import Logging
import Pictures
package import Simulation

/// The files that the images of a response show.
struct PicturePlan: Sendable {
  /// At least one. The images take turns.
  let names: [String]
  let source: Source

  enum Source: Sendable {
    /// A rule, whose turns all requests share.
    case rule(PictureTurns?)
    /// The request itself, in a header or in its prompt. Its first image shows the first file.
    case request(place: String)
  }

  init?(_ explicit: ExplicitFaults, _ verdict: RuleVerdict) {
    switch (explicit.spec.picture, verdict.spec.picture) {
    case (.files(let names)?, _): (self.names, source) = (names, .request(place: explicit.picturePlace))
    case (nil, .files(let names)?): (self.names, source) = (names, .rule(verdict.turns))
    case (.drawn?, _), (nil, .drawn?), (nil, nil): return nil
    }
  }

  /// The turns that are counted for all requests; nil if there is nothing to take turns with.
  var sharedTurns: PictureTurns? {
    if names.count > 1, case .rule(let turns) = source { turns } else { nil }
  }

  /// The names for some images.
  ///
  /// - Parameter first: the turn of the first, from 0.
  func names(_ count: Int, from first: UInt64 = 0) -> [String] {
    (0..<UInt64(count)).map { names[Int((first &+ $0) % UInt64(names.count))] }
  }
}

extension RequestContext {
  /// Goes on with a request when it is known which files its images show.
  ///
  /// An image that a fault refuses takes no turn: a client that tries again gets the picture that it would have got.
  mutating func choosePictures(
    of plan: PicturePlan, for request: ImageRequest,
    goOn: @escaping @Sendable (ImageRequest, inout RequestContext) throws(APIError) -> Reply.Action
  ) throws(APIError) -> Reply.Action {
    let isShown = self.plan.imageError == nil || request.partialImages != nil
    guard request.n > 0, isShown, service.configuration.drawsImages else { return try goOn(request, &self) }
    try checkPictures(of: plan)
    @Sendable func goOnShowing(_ names: [String], _ context: inout RequestContext) throws(APIError) -> Reply.Action {
      var request = request
      request.pictures = names
      return try goOn(request, &context)
    }
    guard let turns = plan.sharedTurns else { return try goOnShowing(plan.names(request.n), &self) }
    return try after(service.rules.takeTurns(request.n, of: turns, session: try session())) { context, first throws(APIError) in
      try goOnShowing(plan.names(request.n, from: first), &context)
    }
  }

  /// Throws if the client itself asks for a file that does not exist. For those of rules it is not to blame: see ``picture(_:_:)``.
  private func checkPictures(of plan: PicturePlan) throws(APIError) {
    guard case .request(let place) = plan.source else { return }
    for name in Set(plan.names).sorted() {
      do throws(PictureError) { try service.configuration.pictures.check(name) } catch { throw .badChoice(error, in: place) }
    }
  }

  /// A file as an image of a request shows it. Takes milliseconds, so it runs on the renderer's thread.
  func picture(_ name: String, _ job: ImageJob) throws(APIError) -> FittedPicture {
    do throws(PictureError) {
      return try service.configuration.pictures.picture(name, covering: job.size, keepsAlpha: job.encoding.format.hasAlpha)
    } catch {
      service.logger.error("request req_\(id): the picture \(error.sentence)")
      throw .unusableChoice(error)
    }
  }
}

extension PictureLibrary? {
  /// Throws for the first file of some rules that cannot be shown, with its position.
  package func check(_ rules: RuleDocument) throws(RuleDocumentError) {
    var known: Set<String> = []
    for (path, name) in rules.pictures where known.insert(name).inserted {
      do throws(PictureError) { try check(name) } catch { throw RuleDocumentError(path: path, problem: "is \(error)") }
    }
  }
}
