import Glibc

/// Whether something becomes true, looking every 5 ms.
package func eventually(seconds: Int = 60, _ condition: () throws -> Bool) rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while try !condition() {
    if .now > deadline { return false }
    usleep(5000)
  }
  return true
}
