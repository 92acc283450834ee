import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

extension EventLoop {
  /// Several workers may wake up for the same connection; all but one must return without blocking.
  func makeListenerNonBlocking() throws(Errno) {
    let flags = try systemCall { fcntl(listener, F_GETFL) }
    try systemCall { fcntl(listener, F_SETFL, flags | O_NONBLOCK) }
  }

  func listen() throws(Errno) {
    guard !isListening, !isDraining, !isPassingOn, connections.count < limits.connections else { return }
    try poller.add(listener, .listener, isShared: true)
    isListening = true
  }

  func stopListening() {
    guard isListening else { return }
    try? poller.remove(listener)
    isListening = false
  }

  func accept() {
    let descriptor: CInt
    do throws(Errno) {
      descriptor = try systemCall { cposix_accept(listener) }
    } catch {
      // Another worker was quicker, or the process is out of descriptors. In that case the waiting connection would wake the loop again and
      // again.
      if error != .wouldBlock { pauseListening() }
      return
    }
    boundReads(of: descriptor)
    widenSendBuffer(of: descriptor)
    let id = ConnectionID(descriptor: descriptor, generation: nextGeneration)
    nextGeneration &+= 1
    connections[descriptor] = Connection(id: id)
    do { try poller.add(descriptor, .connection(id)) } catch { connections[descriptor] = nil }
    // The kernel wakes the worker that has watched longest. Watching anew puts this worker at the end of that queue. nginx keeps its
    // connections, so they must be spread evenly.
    stopListening()
    resumeListening()
  }

  /// Stops listening and tries again a little later: the reason that a connection could not be accepted may disappear, and no event would
  /// report that.
  private func pauseListening() {
    stopListening()
    after(.milliseconds(100)) { [unowned self] in resumeListening() }
  }

  /// Starts listening, or tries again a little later if that fails.
  func resumeListening() {
    do { try listen() } catch { pauseListening() }
  }

  /// Bytes that the kernel has accepted reach nginx even if this process is killed. The kernel's maximum (net.core.wmem_max, usually 208
  /// KiB, which the kernel doubles) holds all but the largest images.
  private func widenSendBuffer(of descriptor: CInt) {
    var size: CInt = 16 << 20
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<CInt>.size))
  }

  /// libfcgi reads until it has a whole request. This bounds how long nginx may take to send one.
  private func boundReads(of descriptor: CInt) {
    try? bound(SO_RCVTIMEO, of: descriptor, to: .seconds(limits.readTimeout))
  }
}
