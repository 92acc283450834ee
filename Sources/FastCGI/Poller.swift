import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

/// epoll(7), with a ``Source`` to identify each watched descriptor.
@safe
package struct Poller: ~Copyable {
  /// What an event refers to.
  enum Source: Equatable {
    case listener
    case connection(ConnectionID)
    /// A descriptor passed to ``EventLoop/watch(_:for:_:)``.
    case watched(CInt)
  }

  struct Event {
    var source: Source
    var readiness: Readiness
  }

  package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32
    package static let readable = Readiness(EPOLLIN)
    package static let writable = Readiness(EPOLLOUT)
    /// The other side has closed or broken the connection.
    package static let hungUp = Readiness(EPOLLRDHUP, EPOLLHUP, EPOLLERR)

    package init(rawValue: UInt32) { self.rawValue = rawValue }
    private init(_ events: EPOLL_EVENTS...) { rawValue = events.reduce(0) { $0 | $1.rawValue } }
  }

  private let file: FileHandle
  private let buffer: UnsafeMutableBufferPointer<epoll_event>

  init() throws(Errno) {
    file = FileHandle(owning: try systemCall { epoll_create1(CInt(EPOLL_CLOEXEC)) })
    unsafe buffer = .allocate(capacity: 256)
  }

  deinit { unsafe buffer.deallocate() }

  /// Watches a descriptor. The end of the connection is always reported.
  /// - Parameter isShared: several processes watch the descriptor; one event wakes one of them (`EPOLLEXCLUSIVE`).
  func add(_ descriptor: CInt, _ source: Source, awaits readiness: Readiness = .readable, isShared: Bool = false) throws(Errno) {
    // EPOLLEXCLUSIVE does not allow RDHUP.
    let events = readiness.rawValue | (isShared ? EPOLLEXCLUSIVE.rawValue : EPOLLRDHUP.rawValue)
    try control(EPOLL_CTL_ADD, descriptor, source, events)
  }

  /// Changes what a descriptor is watched for. The end of the connection is still reported.
  func change(_ descriptor: CInt, _ source: Source, awaits readiness: Readiness) throws(Errno) {
    try control(EPOLL_CTL_MOD, descriptor, source, EPOLLRDHUP.rawValue | readiness.rawValue)
  }

  /// Stops watching a descriptor. Pending events are reported when it is added again.
  func remove(_ descriptor: CInt) throws(Errno) {
    _ = try systemCall { epoll_ctl(file.rawValue, EPOLL_CTL_DEL, descriptor, nil) }
  }

  /// Waits for events until a deadline; nil waits forever.
  func wait(until deadline: Instant?) throws(Errno) -> [Event] {
    let count = try systemCall {
      unsafe epoll_wait(file.rawValue, buffer.baseAddress!, CInt(buffer.count), Self.milliseconds(until: deadline))
    }
    return (0..<Int(count)).map { index in
      let event = unsafe buffer[index]
      return unsafe Event(source: Source(tag: event.data.u64), readiness: Readiness(rawValue: event.events))
    }
  }

  /// Rounded up, so that the deadline has passed when the wait ends.
  private static func milliseconds(until deadline: Instant?) -> CInt {
    guard let deadline else { return -1 }
    let left = (deadline - .now).components
    guard left.seconds >= 0, left.attoseconds >= 0 else { return 0 }
    return CInt(min(left.seconds, 3600) * 1000 + (left.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }

  private func control(_ operation: CInt, _ descriptor: CInt, _ source: Source, _ events: UInt32) throws(Errno) {
    var event = unsafe epoll_event(events: events, data: epoll_data_t(u64: source.tag))
    _ = try systemCall { unsafe epoll_ctl(file.rawValue, operation, descriptor, &event) }
  }
}

/// Encodes a source in the 64 bits that epoll stores for the caller. The fixed sources use negative descriptors, which no connection has.
extension Poller.Source {
  fileprivate init(tag: UInt64) {
    let connection = ConnectionID(descriptor: CInt(truncatingIfNeeded: tag), generation: UInt32(tag >> 32))
    switch (connection.descriptor, connection.generation) {
    case (-1, _): self = .listener
    case (-2, let watched): self = .watched(CInt(bitPattern: watched))
    default: self = .connection(connection)
    }
  }

  fileprivate var tag: UInt64 {
    switch self {
    case .listener: Self.tag(-1, 0)
    case .watched(let descriptor): Self.tag(-2, UInt32(bitPattern: descriptor))
    case .connection(let id): Self.tag(id.descriptor, id.generation)
    }
  }

  private static func tag(_ descriptor: CInt, _ generation: UInt32) -> UInt64 {
    UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
  }
}
