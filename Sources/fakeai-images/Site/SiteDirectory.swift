import FoundationEssentials
import Glibc
import SystemPackage

/// The directory with nginx's site, its includes and its static files.
struct SiteDirectory: Equatable {
  let path: FilePath

  /// The file that identifies the directory.
  static let siteName = "fakeai-images.conf"
  /// The prefix of the names of the files that the site includes.
  static let includePrefix = "fakeai-images-"
  /// Where packages install it, and therefore the path in the site itself.
  static let installed: FilePath = "/usr/share/fakeai-images/nginx"

  /// The names of the files that the site may include.
  func includes() throws(CommandFailure) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path.string) else { throw CommandFailure("cannot read \(path)") }
    return names.filter { $0.hasPrefix(Self.includePrefix) && $0.hasSuffix(".conf") }
  }

  /// The given directory; otherwise the one next to an installed program, the one of the source tree in which the program was built, or the
  /// one that packages install.
  static func find(
    given: String?, executable: FilePath? = Executable.resolved, hasSite: (FilePath) -> Bool = SiteDirectory.hasSite
  ) throws(CommandFailure) -> SiteDirectory {
    let places = given.map { [FilePath($0)] } ?? usualPlaces(around: executable)
    guard let path = places.first(where: hasSite) else {
      let searched = places.map(\.string).joined(separator: ", ")
      throw CommandFailure("there is no \(siteName) in \(searched); set the directory with --nginx-directory")
    }
    return SiteDirectory(path: path.absolute)
  }

  private static func usualPlaces(around executable: FilePath?) -> [FilePath] {
    guard let executable else { return [installed] }
    let beside = executable.removingLastComponent().appending("../share/fakeai-images/nginx").lexicallyNormalized()
    let ancestors = sequence(first: executable.removingLastComponent()) { $0.components.isEmpty ? nil : $0.removingLastComponent() }
    return [beside] + ancestors.map { $0.appending("nginx") } + [installed]
  }

  private static func hasSite(_ path: FilePath) -> Bool {
    unsafe path.appending(siteName).withPlatformString { unsafe access($0, R_OK) == 0 }
  }
}

extension FilePath {
  /// The path of the same file, valid in any working directory.
  var absolute: FilePath {
    isAbsolute ? self : FilePath(FileManager.default.currentDirectoryPath).pushing(self).lexicallyNormalized()
  }
}
