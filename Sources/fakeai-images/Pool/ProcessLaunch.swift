import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

/// A program that can be started any number of times.
struct ProcessLaunch: Sendable {
  var path: FilePath
  /// Without the program's own name, which is the last component of the path.
  var arguments: [String]
  var environment: [String: String]
  /// The working directory of the process; nil: the current one.
  var directory: FilePath?
  /// The descriptors that the process inherits besides the standard streams, by their numbers here: at most 64.
  var descriptors: [CInt]
  /// The number of the first of them there; the others follow.
  var firstNumber: CInt
  /// The signal that the kernel sends it if this process dies first.
  var deathSignal = SIGTERM

  /// Starts the program in a process group of its own.
  ///
  /// - Returns: its process id, which is also that of the group.
  func start() throws(Errno) -> pid_t {
    let arguments = CStrings([path.lastComponent?.string ?? path.string] + self.arguments)
    let environment = CStrings(self.environment.map { "\($0)=\($1)" })
    let path = CStrings([path.string])
    let directory = CStrings([directory?.string].compactMap { $0 })
    return try unsafe descriptors.withUnsafeBufferPointer { descriptors throws(Errno) in
      var process = unsafe cposix_process(
        path: path.pointer[0], arguments: arguments.pointer, environment: environment.pointer, directory: directory.pointer[0],
        descriptors: descriptors.baseAddress, descriptor_count: CInt(descriptors.count), target: firstNumber, death_signal: deathSignal)
      return try systemCall { unsafe cposix_start(&process) }
    }
  }
}

/// Strings as C expects them: a null-terminated array of pointers.
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
