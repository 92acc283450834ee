import CPOSIX
import Glibc

/// The processor time that the calling thread takes for something, in seconds: on a busy machine too, as long as it does not wait.
package func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
  let began = now()
  try body()
  return now() - began
}

private func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
