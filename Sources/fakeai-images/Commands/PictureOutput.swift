import Glibc
import SystemPackage

/// The destination of one image.
enum PictureOutput: Equatable {
  case standardOutput
  case file(FilePath)

  /// One destination for each image: `-` or `lake.png` for a single one, `lake-1.png` … for several.
  ///
  /// - Throws: if standard output is a terminal, which binary data would garble, or would have to hold several images.
  static func outputs(named name: String, count: Int, terminal: Bool = isatty(1) == 1) throws(CommandFailure) -> [PictureOutput] {
    guard name == "-" else { return names(name, count: count).map(PictureOutput.file) }
    guard count == 1 else { throw .usage("-o - takes a single image and -n is \(count); name a file such as -o lake.png") }
    guard !terminal else { throw .usage("standard output is a terminal, which cannot show an image; redirect it or name a file with -o") }
    return [.standardOutput]
  }

  func write(_ bytes: [UInt8]) throws(CommandFailure) {
    switch self {
    case .standardOutput: try StandardOutput.write(bytes)
    case .file(let path): try Self.write(bytes, to: path)
    }
  }

  private static func write(_ bytes: [UInt8], to path: FilePath) throws(CommandFailure) {
    do {
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter { _ = try file.writeAll(bytes) }
    } catch {
      throw CommandFailure("cannot write \(path): \(error)")
    }
  }

  private static func names(_ name: String, count: Int) -> [FilePath] {
    let path = FilePath(name)
    guard count > 1, let stem = path.stem else { return [path] }
    let suffix = path.extension.map { "." + $0 } ?? ""
    return (1...count).map { path.removingLastComponent().appending("\(stem)-\($0)\(suffix)") }
  }
}
