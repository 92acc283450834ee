import FoundationEssentials
import Glibc
import ImageCoding

/// A directory of a test's own, with another one beside it that pictures must not come from.
final class PictureFolder: Sendable {
  private let root: String
  var path: String { root + "/pictures" }
  var outside: String { root + "/outside" }

  init() throws {
    let root = FileManager.default.temporaryDirectory.path + "/fakeai-test-pictures-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    self.root = root
    for path in ["/pictures", "/outside"] {
      try FileManager.default.createDirectory(atPath: root + path, withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func write(_ bytes: [UInt8], as name: String) throws { try Data(bytes).write(to: URL(filePath: path + "/" + name)) }

  func writeOutside(_ bytes: [UInt8], as name: String) throws { try Data(bytes).write(to: URL(filePath: outside + "/" + name)) }

  func link(_ name: String, to target: String) { symlink(target, path + "/" + name) }
}

/// A picture of colours that depend on a seed, as the rows of a PNG.
struct TestPicture {
  var width: Int
  var height: Int
  var hasAlpha = false
  var seed = 1

  var rows: [UInt8] {
    var rows: [UInt8] = []
    for y in 0..<height {
      rows.append(0)
      for x in 0..<width * (hasAlpha ? 4 : 3) {
        let value: Int = (x &* 31) ^ (y &* 17)
        rows.append(UInt8(truncatingIfNeeded: value &+ seed &* (x / 7 &+ y / 5 &+ 1)))
      }
    }
    return rows
  }

  var png: [UInt8] {
    get throws {
      var encoder = PNGEncoder()
      return try encoder.encode(rows.span, width: width, height: height, hasAlpha: hasAlpha)
    }
  }
}
