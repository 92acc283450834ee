import Glibc
import SystemCalls
import SystemPackage

/// The destination of one image.
enum PictureOutput: Equatable {
  case standardOutput
  case file(FilePath)

  /// One destination for each image: `-` or `lake.png` for a single one, `lake-1.png` … for several.
  ///
  /// - Parameters:
  ///   - count: the number of images.
  ///   - name: `-`, or the path of a file.
  ///   - folder: the directory of the files; nil: the name may contain one.
  ///   - terminal: whether standard output is a terminal.
  /// - Throws: if standard output is a terminal, which binary data would garble, or would have to hold several images.
  static func outputs(
    named name: String, in folder: FilePath? = nil, count: Int, terminal: Bool = isatty(STDOUT_FILENO) == 1
  ) throws(CommandFailure) -> [PictureOutput] {
    guard name == "-" else { return try names(name, in: folder, count: count).map(PictureOutput.file) }
    guard count == 1 else { throw .usage("-o - takes a single image, not \(count); name a file such as -o lake.png") }
    guard folder == nil else { throw .usage("-o - and --out-dir exclude each other; use one of them") }
    guard !terminal else { throw .usage("standard output is a terminal, which cannot show an image; redirect it or name a file with -o") }
    return [.standardOutput]
  }

  func write(_ bytes: [UInt8]) throws(CommandFailure) {
    switch self {
    case .standardOutput: try StandardOutput.write(bytes)
    case .file(let path): try Self.write(bytes, to: path)
    }
  }

  /// Creates a directory, and those above it that do not exist. It may exist already.
  static func makeDirectory(_ path: FilePath) throws(CommandFailure) {
    func make(_ path: FilePath) throws(Errno) {
      do throws(Errno) {
        try systemCall { unsafe mkdir(path.string, 0o777) }
      } catch .noSuchFileOrDirectory where !path.removingLastComponent().isEmpty {
        try make(path.removingLastComponent())
        try systemCall { unsafe mkdir(path.string, 0o777) }
      } catch .fileExists {
        // If it is no directory, writing the first file says so.
      }
    }
    try orFail("cannot create the directory \(path) (change it with --out-dir)") { () throws(Errno) in try make(path) }
  }

  private static func write(_ bytes: [UInt8], to path: FilePath) throws(CommandFailure) {
    do {
      let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter { _ = try file.writeAll(bytes) }
    } catch {
      let advice = error as? Errno == .isDirectory ? "; --out-dir writes to a directory" : ""
      throw CommandFailure("cannot write \(path): \(error)\(advice)")
    }
  }

  private static func names(_ name: String, in folder: FilePath?, count: Int) throws(CommandFailure) -> [FilePath] {
    guard folder == nil || !name.contains("/") else {
      throw .usage("--output is \(name.debugDescription); allowed with --out-dir: the name of a file in it")
    }
    let path = folder?.appending(name) ?? FilePath(name)
    guard let stem = path.stem else { throw .usage("--output is \(name.debugDescription); allowed: the path of a file, or -") }
    guard count > 1 else { return [path] }
    let suffix = path.extension.map { "." + $0 } ?? ""
    // Up to ten images have been numbered without zeros since the first version; more sort in their order only with them.
    let digits = count > 10 ? String(count).count : 1
    return (1...count).map { number in
      let zeros = String(repeating: "0", count: max(digits - String(number).count, 0))
      return path.removingLastComponent().appending("\(stem)-\(zeros)\(number)\(suffix)")
    }
  }
}
