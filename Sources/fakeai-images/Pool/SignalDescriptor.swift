import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

/// Signals that are read like data. They are blocked from now on, so that none interrupts anything.
struct SignalDescriptor: ~Copyable {
  let descriptor: FileHandle

  init(_ signals: [CInt]) throws(Errno) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in signals { unsafe sigaddset(&set, signal) }
    try systemCode { unsafe pthread_sigmask(SIG_BLOCK, &set, nil) }
    descriptor = FileHandle(owning: try systemCall { unsafe signalfd(-1, &set, CInt(SFD_NONBLOCK) | CInt(SFD_CLOEXEC)) })
  }

  /// The next signal that has arrived, if one has.
  func next() -> CInt? {
    var information = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    let count = unsafe read(descriptor.rawValue, &information, size)
    return count == size ? CInt(information.ssi_signo) : nil
  }
}
