import CPOSIX
import Glibc
import Synchronization
import SystemCalls

/// A redis-server that ends with this object, and with the test process, however that ends.
package final class ServerProcess: Sendable {
  /// As redis-server takes them. The same for every start.
  private let arguments: [String]
  private let process = Mutex<pid_t?>(nil)

  package init(_ arguments: [String]) throws {
    self.arguments = arguments
    try start()
  }

  deinit { kill() }

  /// Starts the server again after ``kill()``.
  package func start() throws {
    let id = try Launcher.shared.start("/usr/bin/redis-server", arguments)
    process.withLock { $0 = id }
  }

  /// Ends the server as a crash does.
  package func kill() {
    guard let id = process.withLock({ $0.take() }) else { return }
    Glibc.kill(id, SIGKILL)
    waitpid(id, nil, 0)
  }

  /// Stops the server from running, without closing its connections.
  package func pause() { signal(SIGSTOP) }
  package func resume() { signal(SIGCONT) }

  private func signal(_ number: CInt) { process.withLock { if let id = $0 { _ = Glibc.kill(id, number) } } }
}

/// Starts processes on a thread that never ends: the kernel's death signal is sent when the thread ends that started the process.
final class Launcher: Sendable {
  static let shared = Launcher()

  private struct Job: Sendable {
    let path: String
    let arguments: [String]
    let output: CInt?
    let done: @Sendable (Result<pid_t, LaunchError>) -> Void
  }

  private let jobs = Mutex<[Job]>([])
  private let ready: EventCounter

  private init() {
    ready = try! EventCounter(blocking: true, isSemaphore: true)
    try! detachThread { [unowned self] in
      while true {
        ready.wait()
        guard let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
        job.done(Self.launch(job.path, job.arguments, job.output))
      }
    }
  }

  /// - Parameter output: what its standard output becomes; nil: nothing.
  func start(_ path: String, _ arguments: [String], output: CInt? = nil) throws(LaunchError) -> pid_t {
    let result = Mutex<Result<pid_t, LaunchError>?>(nil)
    let done = try! EventCounter(blocking: true, isSemaphore: true)
    let shared = Shared(result, done)
    jobs.withLock {
      $0.append(
        Job(path: path, arguments: arguments, output: output) { value in
          shared.result.withLock { $0 = value }
          shared.done.signal()
        })
    }
    ready.signal()
    shared.done.wait()
    return try shared.result.withLock { $0! }.get()
  }

  private final class Shared: Sendable {
    let result: Mutex<Result<pid_t, LaunchError>?>
    let done: EventCounter

    init(_ result: consuming Mutex<Result<pid_t, LaunchError>?>, _ done: consuming EventCounter) {
      self.result = result
      self.done = done
    }
  }

  private static func launch(_ path: String, _ arguments: [String], _ output: CInt?) -> Result<pid_t, LaunchError> {
    var strings: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for string in strings { free(string) } }
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    let silent = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(silent) }
    let id = [silent, output ?? silent, silent].withUnsafeBufferPointer { descriptors in
      strings.withUnsafeMutableBufferPointer { strings in
        environment.withUnsafeMutableBufferPointer { environment in
          var process = cposix_process(
            path: strings[0], arguments: UnsafePointer(strings.baseAddress), environment: UnsafePointer(environment.baseAddress),
            directory: nil, descriptors: descriptors.baseAddress, descriptor_count: 3, target: 0, death_signal: SIGKILL)
          return cposix_start(&process)
        }
      }
    }
    return id > 0 ? .success(id) : .failure(LaunchError(code: errno))
  }
}

package struct LaunchError: Error {
  package let code: CInt
}
