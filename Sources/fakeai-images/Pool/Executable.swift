import FoundationEssentials
import Glibc
import SystemPackage

/// Where programs are.
enum Executable {
  /// This program. By its path, so that a rollover starts what has been installed there since; where nothing stands there any more, the
  /// very file that is running.
  static let own: FilePath = resolved.flatMap { isExecutable($0) ? $0 : nil } ?? "/proc/self/exe"

  /// The path of this program without links; nil where it cannot be told.
  static let resolved: FilePath? = {
    guard let name = unsafe realpath("/proc/self/exe", nil) else { return nil }
    defer { unsafe free(name) }
    return unsafe FilePath(String(cString: name))
  }()

  /// nginx, which Debian keeps where the PATH of ordinary users does not look.
  static func nginx(environment: [String: String] = ProcessInfo.processInfo.environment) throws(CommandFailure) -> FilePath {
    let folders = (environment["PATH"] ?? "").split(separator: ":").map { FilePath(String($0)) } + ["/usr/sbin", "/usr/local/sbin"]
    guard let path = folders.map({ $0.appending("nginx") }).first(where: isExecutable) else {
      throw CommandFailure("nginx is not installed: there is none in PATH, /usr/sbin or /usr/local/sbin (Debian: apt install nginx-light)")
    }
    return path
  }

  /// Where temporary files go.
  static var temporaryDirectory: FilePath {
    ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : FilePath($0) } ?? "/tmp"
  }

  private static func isExecutable(_ path: FilePath) -> Bool { unsafe path.withPlatformString { unsafe access($0, X_OK) == 0 } }
}
