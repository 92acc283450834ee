public import Drawing
package import JSON
import Synchronization
package import SystemCalls

/// Draws and encodes images, one at a time, with a canvas and buffers that it keeps.
///
/// Safe to call from several threads, which then take turns.
public final class ImageRenderer: Sendable {
  private let desk: Mutex<RenderContext>
  private let clock: WallClock
  private let fixedTimestamp: String?
  /// Whether a font was found. If not, prompts are drawn in a small built-in alphabet of printable ASCII.
  public let hasFont: Bool

  /// An image could not be encoded.
  public struct EncodingFailed: Error {
    public let description: PictureDescription
  }

  /// - Parameters:
  ///   - font: path of a TrueType or OpenType file; nil: the first usual font that is installed.
  ///   - timestamp: the text of the watermark instead of the time of drawing, `YYYY-MM-DD HH:MM:SS`.
  /// - Throws: `FontError` if that file is not a font.
  public convenience init(font path: String? = nil, timestamp: String? = nil) throws {
    self.init(font: try path.map { try Font(path: $0) } ?? Font.find(), timestamp: timestamp)
  }

  package init(font: sending Font?, timestamp: String? = nil, clock: WallClock = .system) {
    hasFont = font != nil
    desk = Mutex(RenderContext(textRenderer: TextRenderer(font: font)))
    fixedTimestamp = timestamp
    self.clock = clock
  }

  /// Draws and encodes the image of a description.
  /// - Returns: a file of the encoding's format. Equal descriptions give equal pixels, except for the watermark's time. JPEG has no transparency:
  ///   transparent parts are opaque there.
  public func createImage(_ description: PictureDescription, as encoding: Encoding = .png) throws(EncodingFailed) -> [UInt8] {
    var visible = description
    visible.isTransparent = description.isTransparent && encoding.format.hasAlpha
    let placeholder = Placeholder(visible, timestamp: timestamp)
    let file = desk.withLock { desk in try? desk.create(placeholder, as: encoding) }
    guard let file else { throw EncodingFailed(description: description) }
    return file
  }

  /// Draws and encodes another kind of image; `draw` is called once per frame.
  func create(
    _ description: PictureDescription, as encoding: Encoding, draw: @Sendable (AnimationFrame?, inout Canvas, TextRenderer) -> Void
  ) throws(EncodingFailed) -> [UInt8] {
    let file = desk.withLock { desk in try? desk.create(description, as: encoding, draw: draw) }
    guard let file else { throw EncodingFailed(description: description) }
    return file
  }

  var timestamp: String { fixedTimestamp ?? UniversalTime.timestamp(clock.now()) }

  /// Draws and encodes every pattern on every gradient in both palettes.
  /// - Returns: a PNG file.
  package func createContactSheet() throws -> [UInt8] {
    try desk.withLock { desk in try desk.create(ContactSheet()) }
  }
}

extension PictureDescription {
  /// The metadata of an image, by which a test can identify it: in PNG's `fakeai` chunk, JPEG's and GIF's comment, WebP's XMP and SVG's `desc`.
  package var json: JSONText {
    .object([
      ("prompt", .string(prompt)), ("model", .string(model)), ("size", .string(size.description)),
      ("quality", .string(quality.rawValue)), ("style", .string(style.rawValue)), ("seed", .verbatim(String(seed))),
      ("index", .integer(index)), ("background", .string(isTransparent ? "transparent" : "opaque")),
    ])
  }
}
