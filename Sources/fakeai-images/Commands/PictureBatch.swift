import Dispatch
import Drawing
import FoundationEssentials
import Glibc
import ImageGeneration
import Synchronization

/// The images of one `generate`: each prompt a number of times.
struct PictureBatch {
  /// Without its prompt.
  var job: ImageJob
  var prompts: [String]
  /// Images of each prompt.
  var count: Int
  /// The layout of the images; nil: the usual one.
  var template: Template?
  /// The destinations of all images, those of the first prompt first.
  var outputs: [PictureOutput]

  static let mostImages = 100_000

  /// Draws on all processors. Which thread draws an image has no influence on it.
  ///
  /// - Throws: the first error; the images that are not yet begun are left out then.
  func draw(_ settings: Settings) throws(CommandFailure) {
    // Created here, so that an unusable font is reported once.
    let first = try ImageRenderer(settings: settings)
    let work = BatchWork(count: outputs.count)
    DispatchQueue.concurrentPerform(iterations: min(outputs.count, ProcessInfo.processInfo.activeProcessorCount)) { thread in
      do {
        let renderer = thread == 0 ? first : try ImageRenderer(settings: settings)
        while let number = work.next() {
          try draw(number, with: renderer)
          work.finish()
        }
      } catch {
        work.fail(error as? CommandFailure ?? CommandFailure("\(error)"))
      }
    }
    if let failure = work.end() { throw failure }
  }

  private func draw(_ number: Int, with renderer: ImageRenderer) throws {
    var job = job
    job.prompt = prompts[number / count]
    job.template = template.map { ($0, TemplateWords(count: count)) }
    try outputs[number].write(renderer.image(of: job, number % count))
  }
}

/// Hands out the numbers of a batch's images to the threads that draw them, and shows their progress.
final class BatchWork: Sendable {
  private struct State {
    var next = 0
    var finished = 0
    var failure: CommandFailure?
    var bar: ProgressBar?
  }

  private let count: Int
  private let state: Mutex<State>

  init(count: Int, showsProgress: Bool = isatty(STDERR_FILENO) == 1) {
    self.count = count
    // A few images are there before a bar could be read.
    state = Mutex(State(bar: showsProgress && count >= 20 ? ProgressBar(total: count) : nil))
  }

  /// The image to draw next; nil if there is none, or after a failure.
  func next() -> Int? {
    state.withLock { state in
      guard state.failure == nil, state.next < count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  func finish() {
    state.withLock { state in
      state.finished += 1
      state.bar?.show(state.finished)
    }
  }

  /// Only the first failure is kept.
  func fail(_ failure: CommandFailure) { state.withLock { $0.failure = $0.failure ?? failure } }

  /// - Returns: the failure, if there was one.
  func end() -> CommandFailure? {
    state.withLock { state in
      state.bar?.remove()
      return state.failure
    }
  }
}
