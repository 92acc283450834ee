public import Drawing
import Foundation
import ImageCoding
package import JSON
import Synchronization
package import SystemCalls

/// Draws images and encodes them, one at a time, on a canvas and with buffers that it keeps. It needs no store.
///
/// ```swift
/// let renderer = try ImageRenderer(timestamp: "2026-01-02 03:04:05")
/// let file = try renderer.image(of: ImageJob(prompt: "A lake", encoding: Encoding(.webp)))
/// ```
///
/// Safe to call from several threads, which take turns.
public final class ImageRenderer: Sendable {
  private let context: Mutex<RenderContext>
  private let clock: WallClock
  private let fixedTimestamp: String?
  /// Whether a font was found. If not, prompts are drawn with a small built-in font of printable ASCII.
  public let hasFont: Bool

  /// - Parameters:
  ///   - font: the path of a TrueType or OpenType file; nil for the first usual one that is installed.
  ///   - timestamp: text for the watermark instead of the time of drawing, usually `YYYY-MM-DD HH:MM:SS` like that.
  /// - Throws: ``ImageGenerationError/unusableFont(reason:)``.
  public convenience init(font: String? = nil, timestamp: String? = nil) throws(ImageGenerationError) {
    do {
      self.init(font: try font.map { try Font(path: $0) } ?? Font.find(), timestamp: timestamp)
    } catch {
      throw .unusableFont(reason: "\(error)")
    }
  }

  package init(font: sending Font?, timestamp: String? = nil, clock: WallClock = .system) {
    hasFont = font != nil
    context = Mutex(RenderContext(textRenderer: TextRenderer(font: font)))
    fixedTimestamp = timestamp
    self.clock = clock
  }

  /// Draws and encodes one of a job's images.
  ///
  /// - Parameters:
  ///   - job: what to draw, and in which format.
  ///   - index: which of the job's images, from 0. Colours repeat after ten.
  ///   - stage: how far drawing has come, for images that are shown before they are finished.
  ///   - sources: the uploads of an edit, a variation or an upscale. Without any, only the prompt is drawn. Ignored for a generation.
  /// - Returns: a file of the job's format.
  /// - Throws: ``ImageGenerationError/encodingFailed(reason:)``.
  public func image(
    of job: ImageJob, _ index: Int = 0, stage: RenderStage = .finished, sources: SourceImages = .none
  ) throws(ImageGenerationError) -> [UInt8] {
    let description = job.description(index, stage)
    let placeholder = Placeholder(description, timestamp: timestamp(job.moment))
    if let template = job.drawnTemplate {
      let upload = job.operation == .generation ? nil : sources.images.first.map(Upload.init)
      let picture = TemplatePicture(template.layout, placeholder, words: template.words, upload: upload)
      return try encoded { context throws(any Error) in try context.create(picture, as: job.encoding) }
    }
    switch (job.operation, sources.images.first) {
    case (.generation, _), (.variation, nil), (.upscale, nil):
      return try encoded { context throws(any Error) in try context.create(placeholder, as: job.encoding) }
    case (.variation, .some(let image)):
      let picture = VariedPicture(placeholder, of: Upload(image))
      return try encoded { context throws(any Error) in
        try context.create(description, as: job.encoding) { frame, canvas, textRenderer in
          var picture = picture
          picture.placeholder.frame = frame
          picture.draw(on: &canvas, with: textRenderer)
        }
      }
    case (.upscale, .some(let image)):
      return try encoded { context throws(any Error) in try context.create(description, as: job.encoding, scaling: Upload(image)) }
    case (.edit, _):
      let picture = EditedPicture(
        placeholder, uploads: sources.images.map(Upload.init), mask: sources.mask.map(Upload.init), markup: sources.markup.map(Upload.init))
      return try encoded { context throws(any Error) in
        try context.create(description, as: job.encoding) { frame, canvas, textRenderer in
          var picture = picture
          picture.placeholder.frame = frame
          picture.draw(on: &canvas, with: textRenderer)
        }
      }
    }
  }

  /// Encodes a picture in place of one of a job's images, with the description of that image.
  ///
  /// - Parameters:
  ///   - picture: of the job's size. Its alpha channel stays if the format has one.
  ///   - stage: how far drawing would have come, for images that are shown before they are finished.
  /// - Throws: ``ImageGenerationError/encodingFailed(reason:)``.
  package func image(
    of job: ImageJob, _ index: Int = 0, stage: RenderStage = .finished, showing picture: FittedPicture
  ) throws(ImageGenerationError) -> [UInt8] {
    precondition(picture.size == job.size && (job.encoding.format.hasAlpha || !picture.hasAlpha), "a picture for another job")
    let description = job.description(index, stage)
    return try encoded { context throws(any Error) in
      let picture = picture.reduced(to: stage)
      return try context.create(description, as: job.encoding, of: picture.rows, hasAlpha: picture.hasAlpha)
    }
  }

  /// Draws and encodes every pattern on every gradient in both palettes.
  /// - Returns: a PNG file.
  package func contactSheet() throws(ImageGenerationError) -> [UInt8] {
    try encoded { context throws(any Error) in try context.create(ContactSheet()) }
  }

  private func encoded(_ create: (inout RenderContext) throws -> [UInt8]) throws(ImageGenerationError) -> [UInt8] {
    do {
      return try context.withLock { context in try create(&context) }
    } catch {
      throw .encodingFailed(reason: (error as? EncodingFailure)?.reason ?? "\(error)")
    }
  }

  /// - Parameter moment: nanoseconds since 1970; nil: now.
  private func timestamp(_ moment: Int64?) -> String { fixedTimestamp ?? UniversalTime.timestamp(moment ?? clock.now()) }
}

extension Upload {
  fileprivate init(_ image: DecodedImage) {
    self.init(width: image.width, height: image.height, pixels: image.pixels, isOpaque: !image.hasAlpha)
  }
}

extension PictureDescription {
  /// The description embedded in an image, so that a test can find out how it was made: in PNG's `fakeai` chunk, JPEG's and GIF's comment,
  /// WebP's XMP and SVG's `desc`.
  package var json: JSONText {
    let members: [(String, JSONText)] = [
      ("prompt", .string(prompt)), ("model", .string(model)), ("size", .string(size.description)),
      ("quality", .string(quality.rawValue)), ("style", .string(style.rawValue)), ("seed", .verbatim(String(seed))),
      ("index", .integer(index)), ("background", .string(isTransparent ? "transparent" : "opaque")),
    ]
    let named = [("pattern", pattern?.rawValue), ("template", template)]
    return .object(members + named.compactMap { name, value in value.map { (name, .string($0)) } })
  }

  /// The description in a place of limited size. If it is longer, the prompt is cut, and the member `prompt_characters` tells its length.
  package func json(inBytes limit: Int) -> String {
    let whole = json.compact
    guard whole.utf8.count > limit else { return whole }
    let characters = Array(prompt.unicodeScalars)
    // Any model name is accepted; the names of models are shorter.
    var cut = self
    cut.model = String(String.UnicodeScalarView(model.unicodeScalars.prefix(256)))
    func text(_ count: Int) -> String {
      cut.prompt = String(String.UnicodeScalarView(characters[..<count]))
      guard case .object(let members) = cut.json else { return "" }
      return JSONText.object(members + [("prompt_characters", .integer(characters.count))]).compact
    }
    // The most characters that fit: characters take one to six bytes.
    var (fitting, tooMany) = (0, characters.count + 1)
    while tooMany - fitting > 1 {
      let count = (fitting + tooMany) / 2
      if text(count).utf8.count <= limit { fitting = count } else { tooMany = count }
    }
    return text(fitting)
  }
}
