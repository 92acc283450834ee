import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

/// SIGTERM, SIGINT and ``EventLoop/closingSignal`` as a readable descriptor.
///
/// libfcgi installs handlers without SA_RESTART and does not retry its reads, so a SIGTERM in the middle of one would pass a truncated body
/// off as a whole request. Blocked in every thread and read here, the signals interrupt nothing. SIGPIPE is ignored, for the same library
/// would otherwise install a handler of its own.
struct TerminationSignals: ~Copyable {
  let file: FileHandle

  /// Must run before any other thread is started, for threads inherit what is blocked.
  init() throws(Errno) {
    signal(SIGPIPE, SIG_IGN)
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in [SIGTERM, SIGINT, EventLoop.closingSignal] { unsafe sigaddset(&set, number) }
    try systemCode { unsafe pthread_sigmask(SIG_BLOCK, &set, nil) }
    file = FileHandle(owning: try systemCall { unsafe signalfd(-1, &set, CInt(SFD_CLOEXEC) | CInt(SFD_NONBLOCK)) })
  }

  /// Takes the next signal that has come.
  func next() -> CInt? {
    var information = signalfd_siginfo()
    let count = unsafe read(file.rawValue, &information, MemoryLayout<signalfd_siginfo>.size)
    return count > 0 ? CInt(information.ssi_signo) : nil
  }
}
