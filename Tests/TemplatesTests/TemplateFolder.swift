import FoundationEssentials
import Glibc
import ImageCoding
import JSON

@testable import Templates

/// A directory of templates of a test's own, with another one beside it that files must not come from. It has `logo.png`, of 40x20 pixels.
final class TemplateFolder: Sendable {
  private let root: String
  var path: String { root + "/templates" }
  var outside: String { root + "/outside" }

  init() throws {
    root = FileManager.default.temporaryDirectory.path + "/fakeai-test-templates-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    for path in ["/templates", "/outside"] {
      try FileManager.default.createDirectory(atPath: root + path, withIntermediateDirectories: true)
    }
    try write(Self.png(width: 40, height: 20), as: "logo.png")
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func write(_ bytes: [UInt8], as name: String) throws { try Data(bytes).write(to: URL(filePath: path + "/" + name)) }
  func write(_ text: String, as name: String) throws { try write(Array(text.utf8), as: name) }
  func writeOutside(_ bytes: [UInt8], as name: String) throws { try Data(bytes).write(to: URL(filePath: outside + "/" + name)) }
  func link(_ name: String, to target: String) { symlink(target, path + "/" + name) }
  func remove(_ name: String) { unlink(path + "/" + name) }

  /// A picture of one colour; half transparent if it has alpha.
  static func png(width: Int, height: Int, hasAlpha: Bool = false, _ colour: [UInt8] = [200, 30, 60]) throws -> [UInt8] {
    let pixel = colour + (hasAlpha ? [128] : [])
    let row = [0] + Array(repeatElement(pixel, count: width).joined())
    let rows = Array(repeatElement(row, count: height).joined())
    var encoder = PNGEncoder()
    return try encoder.encode(rows.span, width: width, height: height, hasAlpha: hasAlpha)
  }

  /// The mistakes in a file of this directory.
  func faults(in text: String, name: String = "card") throws -> [TemplateFault] {
    try write(text, as: name + ".json")
    return try TemplateLibrary(directory: path).fileSource(name).faults(in: path)
  }
}

/// A template with a mark « at the place of a mistake.
struct MarkedTemplate {
  let text: String
  let place: JSONPlace

  init(_ marked: String) {
    let bytes = Array(marked.utf8)
    let mark = Array("«".utf8)
    let offset = bytes.indices.first { bytes[$0...].starts(with: mark) }!
    text = marked.replacing("«", with: "")
    place = JSONPlace(offset: offset, in: Array(text.utf8))
  }
}
