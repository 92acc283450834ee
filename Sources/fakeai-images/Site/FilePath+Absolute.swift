import FoundationEssentials
import SystemPackage

extension FilePath {
  /// The path of the same file, valid in any working directory.
  var absolute: FilePath {
    isAbsolute ? self : FilePath(FileManager.default.currentDirectoryPath).pushing(self).lexicallyNormalized()
  }
}
