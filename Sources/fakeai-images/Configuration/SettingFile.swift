import Glibc
import SystemCalls
import SystemPackage

/// A file that a setting names.
enum SettingFile {
  /// Why a file cannot be read.
  enum Failure: Error, CustomStringConvertible {
    /// A pipe, a device, a socket or a directory, which could keep a worker waiting or never end.
    case notRegular
    case system(Errno)

    var description: String {
      switch self {
      case .notRegular: "it is not a regular file"
      case .system(let error): "\(error)"
      }
    }
  }

  /// Its first bytes: at most one more than `limit`, so that the caller can tell that the file is too large.
  static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    do throws(Errno) {
      // Non-blocking, because opening a pipe without a writer would never return.
      let file = FileHandle(owning: try systemCall { unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) })
      var status = stat()
      try systemCall { unsafe fstat(file.rawValue, &status) }
      if isRegular(status) { return try bytes(of: file, atMost: limit + 1) }
    } catch {
      throw .system(error)
    }
    throw .notRegular
  }

  /// Whether the path is that of a readable regular file.
  static func isReadable(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && isRegular(status) && access(path, R_OK) == 0
  }

  /// Whether the path is that of a directory whose files can be listed and opened.
  static func isReadableDirectory(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && access(path, R_OK | X_OK) == 0
  }

  private static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

  private static func bytes(of file: borrowing FileHandle, atMost limit: Int) throws(Errno) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    var count = 0
    while count < limit {
      let descriptor = file.rawValue
      let read = try systemCall {
        unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress! + count, limit - count) }
      }
      if read == 0 { break }
      count += read
    }
    return Array(bytes[..<count])
  }
}
