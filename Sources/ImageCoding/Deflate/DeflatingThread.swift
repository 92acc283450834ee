import CPOSIX
import Glibc

/// A second thread that deflates one half of a large picture while the first thread deflates the other. On one thread, that would take as
/// long as drawing the whole picture.
///
/// The thread sleeps between two tasks. If it does not start in time, its rows are taken back, so that nobody waits for a busy processor.
///
/// It serves one caller and one task at a time.
@safe
final class DeflatingThread {
  private let shared: Shared
  private let thread: pthread_t
  /// The processor that the thread avoids: the kernel wakes a thread on its waker's processor, and lets it wait there for milliseconds
  /// while others idle.
  private var processor: CInt = -1

  /// - Returns: nil if the system cannot start a thread.
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

  /// Gives rows to the thread.
  ///
  /// - Parameter rows: must stay valid until ``takeBack()`` or ``finish(_:)`` has returned.
  func begin(_ rows: PictureRows, filter: RowFilter = .none, isLast: Bool) {
    if cposix_this_processor() != processor { processor = cposix_keep_off_this_processor(thread) }
    shared.task = Task(rows: rows, filter: filter, isLast: isLast)
    shared.given.signal()
  }

  /// Takes the rows back unless the thread has begun them.
  /// - Returns: false if the thread has begun them; then ``finish(_:)`` must follow.
  func takeBack() -> Bool { shared.given.take() }

  /// Waits until the thread has finished.
  ///
  /// - Parameter body: called with the bytes and their blocks; the blocks are nil if there was no room.
  func finish<Result>(_ body: (Span<UInt8>, Deflater.Blocks?) -> Result) -> Result {
    shared.done.wait()
    let output = shared.output
    return body(output.span, shared.blocks)
  }

  private struct Task {
    var rows: PictureRows
    var filter: RowFilter
    var isLast: Bool
  }

  /// The state that both threads share. The semaphores order access: the caller writes the task before it signals `given`, and reads the
  /// result after `done`.
  private final class Shared: @unchecked Sendable {
    let given = Semaphore()
    let done = Semaphore()
    /// Nil tells the thread to end.
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
          unsafe deflater.write(task.rows, filter: task.filter, isLast: task.isLast, to: output)
        }
        done.signal()
      }
    }
  }
}

/// A POSIX semaphore, which the thread sanitizer understands.
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
    // Only a signal ends the wait early.
    while unsafe sem_wait(handle) != 0 {}
  }

  /// - Returns: false if the semaphore was not signalled.
  func take() -> Bool {
    while unsafe sem_trywait(handle) != 0 { if errno != EINTR { return false } }
    return true
  }
}
