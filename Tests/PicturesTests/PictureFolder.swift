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

  /// A socket that listens to nobody. The caller closes it.
  func socket(_ name: String) throws -> Int32 {
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // By the descriptor of the directory, because an address has room for 107 bytes.
    let directory = open(path, O_RDONLY | O_DIRECTORY)
    defer { close(directory) }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "/proc/self/fd/\(directory)/\(name)".utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
    guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return socket
  }

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
