extension PictureFile {
  /// Reads a file, and again if it changes meanwhile.
  ///
  /// - Parameter read: returns nil if the file changed.
  /// - Throws: ``PictureError/Reason/changing`` if it changes each time, and what `read` throws.
  static func reading<Result>(
    _ name: String, in directory: String, _ read: (borrowing PictureFile) throws(PictureError.Reason) -> Result?
  ) throws(PictureError.Reason) -> Result {
    for _ in 0..<attempts {
      if let result = try read(PictureFile(name, in: directory)) { return result }
    }
    throw .changing
  }

  /// The bytes of a file, and what tells them from another content of the same file.
  ///
  /// - Parameters:
  ///   - limit: bytes of a larger file are not read.
  ///   - count: the first bytes to read; nil: all.
  package static func bytes(
    of name: String, in directory: String, atMost limit: Int, onlyFirst count: Int? = nil
  ) throws(PictureError.Reason) -> (bytes: [UInt8], identity: Identity) {
    try reading(name, in: directory) { file throws(PictureError.Reason) in
      let identity = file.identity
      guard identity.byteCount <= limit else { throw .tooLarge(bytes: identity.byteCount, limit: limit) }
      if let count { return (try file.prefix(count), identity) }
      return try file.content().map { ($0, identity) }
    }
  }

  private static let attempts = 3
}
