import CPOSIX
import Glibc
package import SystemPackage

/// Signals that are read like data: they are blocked, so that they interrupt nothing, and a descriptor becomes readable when one arrives.
package struct SignalDescriptor: ~Copyable {
  package let descriptor: FileHandle

  /// Blocks the signals in the calling thread. Other threads must have them blocked too, as those of ``detachThread(_:)`` have.
  package init(_ signals: [CInt]) throws(Errno) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in signals { unsafe sigaddset(&set, signal) }
    try systemCode { unsafe pthread_sigmask(SIG_BLOCK, &set, nil) }
    descriptor = FileHandle(owning: try systemCall { unsafe signalfd(-1, &set, CInt(SFD_NONBLOCK) | CInt(SFD_CLOEXEC)) })
  }

  /// The next signal that has arrived, if one has.
  package func next() -> CInt? {
    var information = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    let count = unsafe read(descriptor.rawValue, &information, size)
    return count == size ? CInt(information.ssi_signo) : nil
  }
}
