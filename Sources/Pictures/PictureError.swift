package import ImageCoding
import Spelling
package import SystemPackage

/// Why a picture cannot be shown.
package struct PictureError: Error, Equatable, CustomStringConvertible {
  /// The name that was asked for.
  package let name: String
  package let reason: Reason
  /// The similar name that was probably meant, ` (did you mean cat.png?)`; empty if there is none.
  package let suggestion: String

  package enum Reason: Error, Equatable, Sendable {
    /// The server has no directory of pictures.
    case noDirectory
    /// No file directly in the directory can have this name.
    case noName
    /// The name begins with a dot.
    case hidden
    case unknown
    /// A symbolic link that leads out of the directory, or in a circle.
    case link
    /// A directory, a pipe, a device or a socket.
    case notRegular
    case tooLarge(bytes: Int, limit: Int = PictureFile.largest)
    /// The file changed each time that it was read.
    case changing
    case undecodable(DecodingError)
    case system(Errno)
  }

  /// - Parameter names: those of which one may have been meant.
  init(_ name: String, _ reason: Reason, names: [String] = []) {
    (self.name, self.reason) = (name, reason)
    suggestion = names.suggestion(for: name)
  }

  /// `"cta.png" (did you mean cat.png?): it is not in the directory of pictures (FAKEAI_PICTURES)`
  package var description: String { "\(name.debugDescription)\(suggestion): \(reason)" }
}

extension PictureError.Reason: CustomStringConvertible {
  /// A clause about the name or the file.
  package var description: String { clause(of: "pictures (FAKEAI_PICTURES)") }

  /// The same for files of another directory.
  ///
  /// - Parameter files: what the directory contains, and which setting says where it is.
  package func clause(of files: String) -> String {
    switch self {
    case .noDirectory: "the server has no directory of \(files)"
    case .noName: "the name of a file is 1 to \(PictureName.longest) bytes without a slash and without control characters"
    case .hidden: "hidden files, whose names begin with a dot, are not shown"
    case .unknown: "it is not in the directory of \(files)"
    case .link: "it is a symbolic link that leads out of the directory, or in a circle"
    case .notRegular: "it is not a regular file"
    case .tooLarge(let bytes, let limit): "it has \(bytes) bytes; at most \(limit) are accepted"
    case .changing: "it changes while it is read"
    case .undecodable(let error): "it is \(error)"
    case .system(let error): "it cannot be read: \(error)"
    }
  }
}
