import CPOSIX
import Glibc

/// A process of this program's own, forked: it has the memory of its parent and ends with it. Only for programs of one thread.
package struct ChildProcess {
  package let id: CInt

  package enum End: Equatable {
    case exited(CInt)
    case killed(CInt)
    /// It did not end in time and was killed for it.
    case hung
  }

  /// Status with which a child ends whose body threw.
  private static let failure: CInt = 1

  /// Starts a process that does this and ends.
  package init(_ body: () throws -> Void) {
    fflush(nil)
    id = cposix_fork()
    precondition(id >= 0, "fork: \(errno)")
    if id > 0 { return }
    do {
      try body()
      _exit(0)
    } catch {
      let text = Array("\(error)\n".utf8)
      write(STDERR_FILENO, text, text.count)
      _exit(Self.failure)
    }
  }

  /// Waits for the end of it.
  package func wait(seconds: UInt64 = 60) -> End {
    let deadline = monotonicNanoseconds() + seconds * 1_000_000_000
    var status: CInt = 0
    // The usual child lives for less than a millisecond.
    var pause: UInt32 = 50
    while waitpid(id, &status, WNOHANG) == 0 {
      if monotonicNanoseconds() > deadline {
        kill(id, SIGKILL)
        waitpid(id, &status, 0)
        return .hung
      }
      usleep(pause)
      pause = min(pause * 2, 10_000)
    }
    return End(status: status)
  }
}

extension ChildProcess.End {
  /// As waitpid(2) tells it: the low seven bits hold the signal, the next byte the status.
  package init(status: CInt) { self = status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .killed(status & 0x7f) }
}

/// CLOCK_MONOTONIC, which is the same for all processes.
package func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
