import Glibc

/// Why a command ends without having done its work: one line for a person, one number for a supervisor.
struct CommandFailure: Error, Equatable {
  let line: String
  let status: CInt

  init(_ line: String, status: CInt = EXIT_FAILURE) {
    self.line = line
    self.status = status
  }

  /// EX_USAGE of sysexits.h for flags and variables alike: it is what the argument parser answers to a wrong flag, and a supervisor that
  /// must not restart a process with wrong settings needs one number to know (systemd: `RestartPreventExitStatus=64`).
  static func usage(_ line: String) -> CommandFailure { CommandFailure(line, status: 64) }
}
