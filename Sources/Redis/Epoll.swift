import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

/// epoll(7), level-triggered, with a number for each watched descriptor.
@safe
struct Epoll: ~Copyable {
  struct Event {
    let tag: UInt64
    let isWritable: Bool
    /// There are bytes, or an end, or an error.
    let isReadable: Bool
  }

  private let file: FileHandle
  private let buffer: UnsafeMutableBufferPointer<epoll_event>

  init() throws(Errno) {
    file = FileHandle(owning: try systemCall { epoll_create1(CInt(EPOLL_CLOEXEC)) })
    unsafe buffer = .allocate(capacity: 64)
  }

  deinit { unsafe buffer.deallocate() }

  func add(_ descriptor: CInt, tag: UInt64, forRoom: Bool) throws(Errno) { try control(EPOLL_CTL_ADD, descriptor, tag, forRoom) }

  func change(_ descriptor: CInt, tag: UInt64, forRoom: Bool) throws(Errno) { try control(EPOLL_CTL_MOD, descriptor, tag, forRoom) }

  func remove(_ descriptor: CInt) { _ = epoll_ctl(file.rawValue, EPOLL_CTL_DEL, descriptor, nil) }

  /// Waits for events until a deadline; nil waits forever.
  func wait(until deadline: Instant?) throws(Errno) -> [Event] {
    let count = try systemCall {
      unsafe epoll_wait(file.rawValue, buffer.baseAddress!, CInt(buffer.count), Self.milliseconds(until: deadline))
    }
    return (0..<Int(count)).map { index in
      let event = unsafe buffer[index]
      return unsafe Event(
        tag: event.data.u64, isWritable: event.events & (EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0,
        isReadable: event.events & ~EPOLLOUT.rawValue != 0)
    }
  }

  /// Rounded up, so that the deadline has passed when the wait ends.
  private static func milliseconds(until deadline: Instant?) -> CInt {
    guard let deadline else { return -1 }
    let left = (deadline - .now) / .milliseconds(1)
    return left <= 0 ? 0 : CInt(min(left, 3_600_000).rounded(.up))
  }

  private func control(_ operation: CInt, _ descriptor: CInt, _ tag: UInt64, _ forRoom: Bool) throws(Errno) {
    let events = EPOLLIN.rawValue | (forRoom ? EPOLLOUT.rawValue : 0)
    var event = unsafe epoll_event(events: events, data: epoll_data_t(u64: tag))
    _ = try systemCall { unsafe epoll_ctl(file.rawValue, operation, descriptor, &event) }
  }
}
