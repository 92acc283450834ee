import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

/// A program, ready to be started as often as needed.
struct ProcessLaunch: Sendable {
  var path: FilePath
  /// Without the program's own name, which is the last component of the path.
  var arguments: [String]
  var environment: [String: String]
  /// Where the process begins; nil: where we are.
  var directory: FilePath?
  /// What the process finds open besides the standard streams: a descriptor of ours and its number there.
  var descriptor: (ours: CInt, theirs: CInt)
  /// What the kernel sends it should we die without having ended it.
  var deathSignal = SIGTERM

  /// Starts the program in a process group of its own.
  ///
  /// - Returns: its process id, which is also that of the group.
  func start() throws(Errno) -> pid_t {
    let arguments = CStrings([path.lastComponent?.string ?? path.string] + self.arguments)
    let environment = CStrings(self.environment.map { "\($0)=\($1)" })
    let path = CStrings([path.string])
    let directory = CStrings([directory?.string].compactMap { $0 })
    var process = unsafe cposix_process(
      path: path.pointer[0], arguments: arguments.pointer, environment: environment.pointer, directory: directory.pointer[0],
      descriptor: descriptor.ours, target: descriptor.theirs, death_signal: deathSignal)
    return try systemCall { unsafe cposix_start(&process) }
  }
}

/// Texts as C wants them: an array of pointers that ends with a null pointer.
@safe private struct CStrings: ~Copyable {
  private let storage: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

  init(_ texts: [String]) {
    unsafe storage = .allocate(capacity: texts.count + 1)
    _ = unsafe storage.initialize(from: texts.map { unsafe strdup($0) } + [nil])
  }

  deinit {
    unsafe storage.forEach { unsafe free($0) }
    unsafe storage.deallocate()
  }

  var pointer: UnsafePointer<UnsafeMutablePointer<CChar>?> { unsafe UnsafePointer(storage.baseAddress!) }
}
