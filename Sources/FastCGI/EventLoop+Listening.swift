import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

extension EventLoop {
  /// Several workers wake for one connection now and then; all but one must find nothing rather than wait.
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
      // Either another worker was quicker, or descriptors have run out, of which the waiting connection would remind without pause.
      if error != .wouldBlock { pauseListening() }
      return
    }
    boundReads(of: descriptor)
    widenSendBuffer(of: descriptor)
    let id = ConnectionID(descriptor: descriptor, generation: nextGeneration)
    nextGeneration &+= 1
    connections[descriptor] = Connection(id: id)
    do { try poller.add(descriptor, .connection(id)) } catch { connections[descriptor] = nil }
    // The kernel wakes the worker that has watched longest. Watching anew puts this one at the end of the queue, so that connections, which
    // nginx keeps, spread evenly.
    stopListening()
    resumeListening()
  }

  /// Stops listening and tries again a little later: what keeps a connection from being accepted may pass, and nothing else need happen here that
  /// would tell.
  private func pauseListening() {
    stopListening()
    after(.milliseconds(100)) { [unowned self] in resumeListening() }
  }

  /// Listens, now or if that fails a little later.
  func resumeListening() {
    do { try listen() } catch { pauseListening() }
  }

  /// What the kernel has taken reaches nginx even where this process is killed. As much as it allows (net.core.wmem_max, usually 208 KiB, of
  /// which it makes twice as much) is room for all but the largest pictures.
  private func widenSendBuffer(of descriptor: CInt) {
    var size: CInt = 16 << 20
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<CInt>.size))
  }

  /// libfcgi reads until it has a whole request; this bounds how long nginx may take over one.
  private func boundReads(of descriptor: CInt) {
    try? bound(SO_RCVTIMEO, of: descriptor, to: .seconds(limits.readTimeout))
  }
}
