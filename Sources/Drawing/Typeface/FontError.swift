/// Why a font file could not be used.
package enum FontError: Error, Sendable, Hashable {
  /// There is no such file, or it may not be read.
  case unreadable(path: String)
  /// FreeType knows no way to read it; `code` is FreeType's error number.
  case notAFont(path: String, code: Int32)
  /// It holds only bitmaps, and text here has any size.
  case notScalable(path: String)
}

extension FontError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let path): "cannot read the font file \(path)"
    case .notAFont(let path, let code): "\(path) is not a font that FreeType can read (error \(code))"
    case .notScalable(let path): "\(path) is a bitmap font; a scalable one (TrueType, OpenType) is needed"
    }
  }
}
