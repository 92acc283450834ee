import FoundationEssentials
import SystemPackage

extension FilePath {
  /// The same file, whatever directory a process that is told of it is in.
  var absolute: FilePath {
    isAbsolute ? self : FilePath(FileManager.default.currentDirectoryPath).pushing(self).lexicallyNormalized()
  }
}
