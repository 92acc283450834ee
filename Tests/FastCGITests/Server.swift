import FastCGI
import Glibc
import Synchronization

/// An event loop on its own thread and Unix socket, until nobody needs it any more.
final class Server: Sendable {
  let path: String
  private let state = State()

  /// What the loop's thread knows of the server, without keeping it alive.
  private final class State: Sendable {
    let isStopping = Atomic(false)
    let isClosing = Atomic(false)
    let hasEnded = Atomic(false)
  }

  /// - Parameter prepare: called with the loop, on its thread, before it runs.
  init(
    limits: EventLoopLimits = EventLoopLimits(), cutShort: Response = Response(),
    prepare: @escaping @Sendable (EventLoop) -> Void = { _ in },
    handler: @escaping @Sendable (Request) -> Reply
  ) {
    path = "/tmp/fastcgi-test-\(UInt64.random(in: 0 ... .max)).sock"
    let listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    let bound = withAddress(path) { bind(listener, $0, $1) }
    precondition(bound == 0 && listen(listener, 64) == 0)
    run { [state] in
      let loop = try! EventLoop(listener: listener, limits: limits, cutShort: cutShort, handler: handler)
      loop.every(.milliseconds(5)) { [unowned loop] in
        if state.isClosing.load(ordering: .relaxed) { loop.beginClosing() }
        if state.isStopping.load(ordering: .relaxed) { loop.stop() }
      }
      prepare(loop)
      try! loop.run()
      close(listener)
      state.hasEnded.store(true, ordering: .releasing)
    }
  }

  func beginClosing() { state.isClosing.store(true, ordering: .relaxed) }

  func stop() { state.isStopping.store(true, ordering: .relaxed) }

  /// Whether the loop returns within ten seconds.
  func ends() -> Bool {
    for _ in 0..<2000 where !state.hasEnded.load(ordering: .acquiring) { usleep(5_000) }
    return state.hasEnded.load(ordering: .acquiring)
  }

  deinit {
    stop()
    unlink(path)
  }

  private func run(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(Body(run: body)).toOpaque())
    pthread_detach(thread)
  }

  private final class Body {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

func withAddress<Result>(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
  }
}
