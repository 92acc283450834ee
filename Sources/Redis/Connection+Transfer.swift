import DequeModule
import Glibc
import SystemCalls
import SystemPackage

extension Connection {
  // MARK: - Sending

  /// Sends what may be sent now, until there is no more, or the kernel has no room.
  func flush() {
    while let descriptor = socket?.rawValue, !isBlocked, state == .ready || state == .probing {
      stage()
      guard !output.isEmpty else { return }
      do throws(Errno) { advance(try output.send(to: descriptor)) } catch {
        if error == .wouldBlock || error == .resourceTemporarilyUnavailable { return watch(forRoom: true) }
        return fail(error.description)
      }
    }
  }

  /// The kernel has room, or has connected.
  func writable() {
    if state == .opening { return connected() }
    watch(forRoom: false)
    flush()
  }

  private func stage() {
    output.clear()
    for (index, request) in writing.enumerated() {
      guard output.add(request.command.pieces, isFirst: index == 0) else { return }
    }
    while let request = nextToSend() {
      waiting.removeFirst()
      waitingBytes -= request.command.byteCount
      let isFirst = writing.isEmpty
      request.beginSending()
      writing.append(request)
      openBytes += request.command.byteCount
      guard output.add(request.command.pieces, isFirst: isFirst) else { return }
    }
  }

  /// The first of the waiting requests that may be sent now, after removal of those that are not worth it.
  private func nextToSend() -> Request? {
    while let request = waiting.first {
      if state != .ready { return request.kind == .setup ? request : nil }
      guard request.kind == .own || hasRoom else { return nil }
      if !request.isDone, request.deadline > .now + loop.options.leastLeft { return request }
      waiting.removeFirst()
      waitingBytes -= request.command.byteCount
      loop.answer(request, .failure(request.failure))
    }
    return nil
  }

  /// Bounds what is lost, or unknown, if the connection breaks.
  private var hasRoom: Bool {
    if batch.isAsking { return false }
    let (count, bytes) = purpose == .commands(.small) ? (1000, 1 << 20) : (8, 2 << 20)
    let open = awaiting.count + writing.count
    return open == 0 || open < count && openBytes < bytes
  }

  private func advance(_ count: Int) {
    var rest = count
    while let request = writing.first, let left = output.advance(rest, in: request.command.pieces) {
      rest = left
      writing.removeFirst()
      if request.kind == .silent { openBytes -= request.command.byteCount } else { awaiting.append(request) }
      if rest == 0 { return }
    }
  }

  // MARK: - Receiving

  func readable() {
    let current = attempt
    // Bounded, for the sake of the other connections.
    for _ in 0..<16 {
      guard let descriptor = socket?.rawValue else { return }
      do throws(Errno) {
        var wasFull = false
        let count = try systemCall {
          let result = unsafe parser.fill { unsafe Self.receive(descriptor, $0, $1) }
          wasFull = result.wasFull
          return result.count
        }
        guard count > 0 else { return fail("the server closed the connection") }
        lastByte = .now
        guard takeReplies(current), wasFull else { break }
      } catch {
        if error == .wouldBlock || error == .resourceTemporarilyUnavailable { break }
        return fail(error.description)
      }
    }
    if attempt == current { scheduleFlush() }
  }

  private static func receive(_ descriptor: CInt, _ first: UnsafeMutableRawBufferPointer, _ second: UnsafeMutableRawBufferPointer?) -> Int {
    guard let second = unsafe second else { return unsafe read(descriptor, first.baseAddress, first.count) }
    let vectors = unsafe [
      iovec(iov_base: first.baseAddress, iov_len: first.count), iovec(iov_base: second.baseAddress, iov_len: second.count),
    ]
    return unsafe vectors.withUnsafeBufferPointer { unsafe readv(descriptor, $0.baseAddress, CInt($0.count)) }
  }

  /// - Returns: whether the connection is still the same.
  private func takeReplies(_ current: UInt64) -> Bool {
    do throws(ProtocolError) {
      while attempt == current, let reply = try parser.next() { take(reply) }
    } catch {
      fail(error.description)
    }
    return attempt == current
  }

  private func take(_ reply: RedisReply) {
    if purpose == .subscription, loop.subscriptions.take(reply, from: self) { return }
    guard let request = awaiting.popFirst() else { return fail("the server sent a reply to nothing") }
    openBytes -= request.command.byteCount
    loop.replied(to: request, reply, from: self)
    // Its deadline is kept in mind, but not its bytes.
    if request.isDone { request.dropCommand() }
  }
}
