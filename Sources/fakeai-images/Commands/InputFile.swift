import SystemPackage

/// Reads a file that a command is given, or standard input, as `-`.
enum InputFile {
  /// - Parameters:
  ///   - path: the file, or `-`.
  ///   - option: what an error begins with, if an option names the file: `--prompts: `.
  ///   - limit: the most bytes that are allowed.
  static func bytes(ofFile path: String, for option: String = "", limit: Int) throws(CommandFailure) -> [UInt8] {
    guard path != "-" else { return try bytes(of: .standardInput, called: "standard input", limit: limit) }
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
    } catch {
      throw CommandFailure("\(option)cannot read \(path): \(error)")
    }
    defer { try? file.close() }
    return try bytes(of: file, called: path, limit: limit)
  }

  /// Everything that can be read.
  static func bytes(of file: FileDescriptor, called name: String, limit: Int) throws(CommandFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    do {
      while case let count = try unsafe buffer.withUnsafeMutableBytes({ try unsafe file.read(into: $0) }), count > 0 {
        bytes += buffer[..<count]
        guard bytes.count <= limit else { break }
      }
    } catch {
      throw CommandFailure("cannot read \(name): \(error)")
    }
    guard bytes.count <= limit else { throw .usage("\(name) has more than \(limit) bytes; allowed: at most \(limit)") }
    return bytes
  }
}
