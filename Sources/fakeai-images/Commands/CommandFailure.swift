import Glibc
import SystemPackage

/// The reason why a command failed: one line for a person, one exit status for a supervisor.
struct CommandFailure: Error, Equatable {
  let line: String
  let status: CInt
  /// Whether another process reports the line.
  private(set) var isReported = false

  init(_ line: String, status: CInt = EXIT_FAILURE) {
    self.line = line
    self.status = status
  }

  /// This failure, for a process whose supervisor reports it.
  var reported: CommandFailure {
    var failure = self
    failure.isReported = true
    return failure
  }

  /// EX_USAGE of sysexits.h, for invalid flags and variables alike. The argument parser exits with it for an invalid flag, and a supervisor
  /// that must not restart a process with invalid settings needs a single status to check (systemd: `RestartPreventExitStatus=64`).
  static func usage(_ line: String) -> CommandFailure { CommandFailure(line, status: 64) }
}

/// Turns an error of the operating system into a line that says what could not be done.
func orFail<Result: ~Copyable>(_ line: @autoclosure () -> String, _ work: () throws(Errno) -> Result) throws(CommandFailure) -> Result {
  do {
    return try work()
  } catch {
    throw CommandFailure("\(line()): \(error)")
  }
}
