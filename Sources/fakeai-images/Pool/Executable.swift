import FoundationEssentials
import Glibc
import SystemPackage

/// Finds programs.
enum Executable {
  /// This program, by its path, so that a rollover starts the version that has been installed there since. If the path no longer exists,
  /// the file that is running.
  static let own: FilePath = resolved.flatMap { isExecutable($0) ? $0 : nil } ?? "/proc/self/exe"

  /// The path of this program without links; nil if it cannot be determined.
  static let resolved: FilePath? = {
    guard let name = unsafe realpath("/proc/self/exe", nil) else { return nil }
    defer { unsafe free(name) }
    return unsafe FilePath(String(cString: name))
  }()

  /// nginx, which Debian installs in a directory that is not in the PATH of ordinary users.
  static func nginx(environment: [String: String] = ProcessInfo.processInfo.environment) throws(CommandFailure) -> FilePath {
    guard let path = find("nginx", environment: environment, beyond: ["/usr/sbin", "/usr/local/sbin"]) else {
      throw CommandFailure("nginx was not found in PATH, /usr/sbin or /usr/local/sbin; install it (Debian: apt install nginx-light)")
    }
    return path
  }

  /// The path of a program in PATH or one of the other folders; nil if it is in none.
  static func find(_ name: FilePath.Component, environment: [String: String], beyond others: [FilePath] = []) -> FilePath? {
    let folders = (environment["PATH"] ?? "").split(separator: ":").map { FilePath(String($0)) } + others
    return folders.map { $0.appending(name) }.first(where: isExecutable)
  }

  /// The directory for temporary files.
  static var temporaryDirectory: FilePath {
    ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : FilePath($0) } ?? "/tmp"
  }

  private static func isExecutable(_ path: FilePath) -> Bool { unsafe path.withPlatformString { unsafe access($0, X_OK) == 0 } }
}
