import SystemPackage

/// A file that a setting names.
enum SettingFile {
  /// Its bytes, but of more than `limit` only one more, by which it can be told to be too large.
  static func read(_ path: String, limit: Int) throws -> [UInt8] {
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    return try file.closeAfter {
      var bytes = [UInt8](repeating: 0, count: limit + 1)
      var count = 0
      while count < bytes.count {
        let read = try unsafe bytes[count...].withUnsafeMutableBytes { try unsafe file.read(into: $0) }
        if read == 0 { break }
        count += read
      }
      return Array(bytes[..<count])
    }
  }
}
