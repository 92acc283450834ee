import Glibc

/// The reason why a command failed: one line for a person, one exit status for a supervisor.
struct CommandFailure: Error, Equatable {
  let line: String
  let status: CInt

  init(_ line: String, status: CInt = EXIT_FAILURE) {
    self.line = line
    self.status = status
  }

  /// EX_USAGE of sysexits.h, for invalid flags and variables alike. The argument parser exits with it for an invalid flag, and a supervisor
  /// that must not restart a process with invalid settings needs a single status to check (systemd: `RestartPreventExitStatus=64`).
  static func usage(_ line: String) -> CommandFailure { CommandFailure(line, status: 64) }
}
