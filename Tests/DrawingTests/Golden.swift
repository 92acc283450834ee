import FoundationEssentials
import ImageCoding
import Testing

@testable import Drawing

/// Expects a placeholder to look like the picture in `Golden/<name>.png`, or in `Golden/<name>@<release>.png`: the emoji of Debian 13 are other
/// drawings than those of Debian 12.
///
/// The comparison is of decoded pixels, and a few of them may differ slightly: see ``PNGPixels/isLike(_:)``. With `FAKEAI_RECORD_GOLDEN=1`
/// in the environment, the picture is recorded anew instead; look at it before you commit it.
func expectGolden(
  _ name: String, _ placeholder: Placeholder, with textRenderer: TextRenderer, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = try placeholder.file(with: textRenderer)
  let golden = GoldenFiles.recorded.appending(path: "\(name).png")
  if GoldenFiles.areToBeRecorded { return try Data(file).write(to: golden) }
  let recorded = try GoldenFiles.recordings(of: name).compactMap { PNGPixels(Array(try Data(contentsOf: $0))) }
  let actual = try #require(PNGPixels(file), sourceLocation: sourceLocation)
  if recorded.contains(where: actual.isLike) { return }
  let drawn = GoldenFiles.drawn.appending(path: "\(name).png")
  try FileManager.default.createDirectory(at: GoldenFiles.drawn, withIntermediateDirectories: true)
  try Data(file).write(to: drawn)
  let difference = recorded.first.map { "differs from \(golden.path): \(actual.difference(from: $0))" }
  let complaint = difference ?? "has no recorded picture \(golden.path)"
  Issue.record("\(drawn.path) \(complaint)", sourceLocation: sourceLocation)
}

extension Placeholder {
  /// The picture as a PNG file.
  func file(with textRenderer: TextRenderer) throws -> [UInt8] {
    let (width, height) = (description.size.width, description.size.height)
    var encoder = PNGEncoder()
    guard description.isTransparent else {
      var canvas = Canvas(size: description.size)
      draw(on: &canvas, with: textRenderer)
      return try canvas.withRows { try encoder.encode($0, width: width, height: height) }
    }
    var canvas = TransparentCanvas()
    draw(on: &canvas, with: textRenderer)
    return try canvas.withRows { try encoder.encode($0, width: width, height: height, hasAlpha: true) }
  }
}

private enum GoldenFiles {
  static let areToBeRecorded = ProcessInfo.processInfo.environment["FAKEAI_RECORD_GOLDEN"] == "1"
  static let recorded = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
  /// The folder for pictures that differ from the recorded ones.
  static let drawn = FileManager.default.temporaryDirectory.appending(path: "fakeai-images-golden")

  /// The recorded files of a picture, first the one that is not of a certain release.
  static func recordings(of name: String) throws -> [URL] {
    let files = try FileManager.default.contentsOfDirectory(atPath: recorded.path).sorted()
    return files.filter { $0 == "\(name).png" || $0.hasPrefix("\(name)@") }.map { recorded.appending(path: $0) }
  }
}
