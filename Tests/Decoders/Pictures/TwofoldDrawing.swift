import Drawing
import ImageGeneration

/// Draws each picture twice: as the server does, to a file, and on a canvas that has all of its rows.
struct TwofoldDrawing: ~Copyable {
  private let renderer = ImageRenderer(font: Font.find(), timestamp: Self.timestamp)
  private let textRenderer = TextRenderer(font: Font.find())
  private let templates = TemplateCache()
  private var canvas = Canvas(size: PictureSize(width: 1, height: 1)!)
  private var transparentCanvas = TransparentCanvas()

  private static let timestamp = "2026-01-02 03:04:05"

  /// The file, and the pixels that must be in it.
  mutating func draw(_ request: RequestedPicture) throws -> (file: [UInt8], pixels: [UInt8]) {
    let (description, template) = (request.description, request.template)
    let file = try renderer.image(of: request.job, description.index, stage: description.stage)
    let placeholder = Placeholder(description, timestamp: Self.timestamp)
    let picture = template.map { TemplatePicture($0, placeholder, words: TemplateWords()) }
    if description.isTransparent {
      if let picture {
        picture.draw(on: &transparentCanvas, with: textRenderer, templates)
      } else {
        placeholder.draw(on: &transparentCanvas, with: textRenderer)
      }
      return (file, transparentCanvas.withRows { Self.pixels(of: $0, count: description.size.height) })
    }
    if let picture {
      picture.draw(on: &canvas, with: textRenderer, templates)
    } else {
      placeholder.draw(on: &canvas, with: textRenderer)
    }
    return (file, canvas.withRows { Self.pixels(of: $0, count: description.size.height) })
  }

  /// The rows without their filter bytes.
  private static func pixels(of rows: Span<UInt8>, count: Int) -> [UInt8] {
    let stride = rows.count / count
    var pixels: [UInt8] = []
    pixels.reserveCapacity(rows.count - count)
    for y in 0..<count {
      let row = rows.extracting(y * stride + 1..<(y + 1) * stride)
      unsafe row.withUnsafeBufferPointer { unsafe pixels.append(contentsOf: $0) }
    }
    return pixels
  }
}
