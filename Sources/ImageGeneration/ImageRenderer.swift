public import Drawing
package import JSON
import Synchronization
package import SystemCalls

/// Draws pictures and encodes them, one at a time, on a canvas and with buffers that it keeps.
///
/// Safe to call from several threads, which then take turns.
public final class ImageRenderer: Sendable {
  private let desk: Mutex<RenderContext>
  private let clock: WallClock
  private let fixedTimestamp: String?
  /// Whether a font was found. If not, prompts are set in a small built-in alphabet of printable ASCII.
  public let hasFont: Bool

  /// A picture that could not be encoded.
  public struct EncodingFailed: Error {
    public let description: PictureDescription
  }

  /// - Parameters:
  ///   - font: path of a TrueType or OpenType file; nil: the first usual one that is installed.
  ///   - timestamp: what the watermark says instead of the time of drawing, `YYYY-MM-DD HH:MM:SS`.
  /// - Throws: `FontError` where that file is no font.
  public convenience init(font path: String? = nil, timestamp: String? = nil) throws {
    self.init(font: try path.map { try Font(path: $0) } ?? Font.find(), timestamp: timestamp)
  }

  package init(font: sending Font?, timestamp: String? = nil, clock: WallClock = .system) {
    hasFont = font != nil
    desk = Mutex(RenderContext(textRenderer: TextRenderer(font: font)))
    fixedTimestamp = timestamp
    self.clock = clock
  }

  /// Draws and encodes the picture of that description.
  /// - Returns: a file of the encoding's format. Equal descriptions give equal pixels, the watermark's time aside. JPEG knows no
  ///   transparency: what would be transparent is opaque there.
  public func createImage(_ description: PictureDescription, as encoding: Encoding = .png) throws(EncodingFailed) -> [UInt8] {
    var visible = description
    visible.isTransparent = description.isTransparent && encoding.format.hasAlpha
    let placeholder = Placeholder(visible, timestamp: timestamp)
    let file = desk.withLock { desk in try? desk.create(placeholder, as: encoding) }
    guard let file else { throw EncodingFailed(description: description) }
    return file
  }

  /// Draws and encodes something else; `draw` is called once a frame.
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
  /// What a picture says of itself, so that a test can ask it what it is: in PNG's `fakeai` chunk, JPEG's and GIF's comment, WebP's XMP and
  /// SVG's `desc`.
  package var json: JSONText {
    .object([
      ("prompt", .string(prompt)), ("model", .string(model)), ("size", .string(size.description)),
      ("quality", .string(quality.rawValue)), ("style", .string(style.rawValue)), ("seed", .verbatim(String(seed))),
      ("index", .integer(index)), ("background", .string(isTransparent ? "transparent" : "opaque")),
    ])
  }
}
