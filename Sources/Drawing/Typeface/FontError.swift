/// Why a font file could not be used.
package enum FontError: Error, Sendable, Hashable {
  /// The file does not exist, or may not be read.
  case unreadable(path: String)
  /// FreeType cannot read it; `code` is FreeType's error number.
  case notAFont(path: String, code: Int32)
  /// It contains only bitmaps, but text can have any size.
  case notScalable(path: String)
}

extension FontError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let path): "cannot read the font file \(path)"
    case .notAFont(let path, let code): "\(path) is not a font that FreeType can read (error \(code))"
    case .notScalable(let path): "\(path) is a bitmap font; use a scalable font (TrueType, OpenType)"
    }
  }
}
