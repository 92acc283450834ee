import Glibc

/// How a process ended.
enum ProcessEnd: Equatable, CustomStringConvertible {
  case status(CInt)
  case signal(CInt)

  /// - Parameter status: as `waitpid` gives it (POSIX: the low 7 bits are the signal, the next byte is the exit status).
  init(waitStatus status: CInt) {
    let signal = status & 0x7f
    self = signal == 0 ? .status((status >> 8) & 0xff) : .signal(signal)
  }

  var description: String {
    switch self {
    case .status(let status): "exit status \(status)"
    case .signal(let signal): unsafe "signal \(signal) (\(String(cString: strsignal(signal))))"
    }
  }

  /// The next child that has ended and was not yet waited for, if there is one.
  static func next() -> (process: pid_t, end: ProcessEnd)? {
    var status: CInt = 0
    let process = unsafe waitpid(-1, &status, WNOHANG)
    return process > 0 ? (process, ProcessEnd(waitStatus: status)) : nil
  }
}
