import Drawing
import JSON
import SystemPackage

/// Draws pictures for `Tests/Decoders`: reads a request a line, as ``RequestedPicture`` describes it, and answers each with a line of JSON,
/// the PNG file, and the pixels that were drawn, without any encoder or decoder in between.
///
/// ```
/// {"width": 256, "height": 256, "channels": 3, "file": 4711}
/// 4711 bytes of the file
/// 256 · 256 · 3 bytes of pixels: RGB, or RGBA that is not premultiplied
/// ```
@main
enum DrawnPictures {
  static func main() throws {
    var drawing = TwofoldDrawing()
    while let line = readLine() {
      let request = try RequestedPicture(line)
      let picture = try drawing.draw(request)
      let head: JSONText = [
        "width": .integer(request.description.size.width), "height": .integer(request.description.size.height),
        "channels": .integer(request.description.isTransparent ? 4 : 3), "file": .integer(picture.file.count),
      ]
      for bytes in [Array((head.compact + "\n").utf8), picture.file, picture.pixels] {
        _ = try FileDescriptor.standardOutput.writeAll(bytes)
      }
    }
  }
}
