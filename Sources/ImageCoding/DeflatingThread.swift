import CPOSIX
import Glibc

/// A thread of its own that deflates some rows while others are deflated elsewhere: half of a large picture's, which would otherwise keep
/// its client waiting for as long as all of its drawing.
///
/// It sleeps between two tasks. Where it does not come to run in time, the rows are taken back, so that nobody waits for a processor that
/// others are busy on.
///
/// One who asks, and one task at a time.
@safe
final class DeflatingThread {
  private let shared: Shared
  private let thread: pthread_t
  /// The one that it keeps off: the kernel wakes a thread where it was woken from, and lets it wait there for milliseconds while others idle.
  private var processor: CInt = -1

  /// - Returns: nil where the system has no thread to give.
  init?() {
    let shared = Shared()
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        unsafe Unmanaged<Shared>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(shared).toOpaque())
    guard code == 0 else {
      unsafe Unmanaged.passUnretained(shared).release()
      return nil
    }
    (self.shared, self.thread) = (shared, thread)
  }

  deinit {
    shared.task = nil
    shared.given.signal()
    pthread_join(thread, nil)
  }

  /// Gives it rows.
  ///
  /// - Parameter rows: they stay where they are until ``takeBack()`` or ``finish(_:)`` has returned.
  func begin(_ rows: PictureRows, isLast: Bool) {
    if cposix_this_processor() != processor { processor = cposix_keep_off_this_processor(thread) }
    shared.task = Task(rows: rows, isLast: isLast)
    shared.given.signal()
  }

  /// Takes the rows back where they were not begun.
  /// - Returns: false where they were; then ``finish(_:)`` must follow.
  func takeBack() -> Bool { shared.given.take() }

  /// Waits for the end of what was begun.
  ///
  /// - Parameter body: gets the bytes and their blocks, nil where they found no room.
  func finish<Result>(_ body: (Span<UInt8>, Deflater.Blocks?) -> Result) -> Result {
    shared.done.wait()
    let output = shared.output
    return body(output.span, shared.blocks)
  }

  private struct Task {
    var rows: PictureRows
    var isLast: Bool
  }

  /// What both threads know. Whose turn it is, the semaphores say: the one who asks writes the task before it signals `given` and reads
  /// the result after `done`.
  private final class Shared: @unchecked Sendable {
    let given = Semaphore()
    let done = Semaphore()
    /// Nil: to end.
    var task: Task?
    private(set) var output: [UInt8] = []
    private(set) var blocks: Deflater.Blocks?

    func run() {
      var deflater = Deflater()
      while true {
        given.wait()
        guard let task else { return }
        let room = Deflater.bound(task.rows.byteCount, rows: task.rows.count)
        if output.count < room { output.makeRoom(room) }
        unsafe blocks = output.withUnsafeMutableBufferPointer { output in
          unsafe deflater.write(task.rows, isLast: task.isLast, to: output)
        }
        done.signal()
      }
    }
  }
}

/// POSIX's, which the thread sanitizer knows.
@safe
private struct Semaphore: ~Copyable {
  private let handle: UnsafeMutablePointer<sem_t>

  init() {
    unsafe handle = .allocate(capacity: 1)
    unsafe sem_init(handle, 0, 0)
  }

  deinit {
    unsafe sem_destroy(handle)
    unsafe handle.deallocate()
  }

  func signal() { unsafe sem_post(handle) }

  func wait() {
    // It ends early only where a signal came in between.
    while unsafe sem_wait(handle) != 0 {}
  }

  /// - Returns: false where nothing was signalled.
  func take() -> Bool {
    while unsafe sem_trywait(handle) != 0 { if errno != EINTR { return false } }
    return true
  }
}
