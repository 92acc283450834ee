import FoundationEssentials
import Glibc
import SystemCalls
import SystemPackage

/// The program `openssl`, which makes keys and certificates. Nothing else needs it, and no TLS library is linked.
struct OpenSSL {
  private let path: FilePath
  private let environment: [String: String]
  /// Where it runs, and where its files are unless it is told another path.
  let directory: FilePath

  init(in directory: FilePath, environment: [String: String] = ProcessInfo.processInfo.environment) throws(CommandFailure) {
    guard let path = Executable.find("openssl", environment: environment) else {
      throw CommandFailure(
        "--tls makes a certificate with openssl, which was not found: install it (Debian: apt install openssl), or set --tls-certificate and "
          + "--tls-key")
    }
    (self.path, self.environment, self.directory) = (path, environment, directory)
  }

  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - arguments: of openssl.
  ///   - purpose: completes "openssl cannot …" in the error, which ends with what the program wrote first.
  func run(_ arguments: [String], to purpose: String) throws(CommandFailure) {
    let (end, output) = try orFail("cannot run \(path)") { () throws(Errno) in try outcome(of: arguments) }
    guard end != .status(0) else { return }
    let reason = output.split(whereSeparator: \.isNewline).first.map { ": \($0)" } ?? ""
    throw CommandFailure("openssl cannot \(purpose)\(reason)")
  }

  /// How it ended, and the beginning of what it wrote to its standard error.
  private func outcome(of arguments: [String]) throws(Errno) -> (ProcessEnd, String) {
    var ends: [CInt] = [-1, -1]
    try systemCall { unsafe pipe(&ends) }
    for end in ends { try systemCall { fcntl(end, F_SETFD, FD_CLOEXEC) } }
    let reader = FileHandle(owning: ends[0])
    let process = try {
      () throws(Errno) in
      let writer = FileHandle(owning: ends[1])
      let null = FileHandle(owning: try systemCall { unsafe open("/dev/null", O_RDWR | O_CLOEXEC) })
      let launch = ProcessLaunch(
        path: path, arguments: arguments, environment: environment, directory: directory,
        descriptors: [null.rawValue, null.rawValue, writer.rawValue], firstNumber: STDIN_FILENO)
      return try launch.start()
    }()
    var text: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = try systemCall { unsafe read(reader.rawValue, &bytes, bytes.count) }
      if count == 0 { break }
      if text.count < 65536 { text += bytes.prefix(count) }
    }
    var status: CInt = 0
    try systemCall { unsafe waitpid(process, &status, 0) }
    return (ProcessEnd(waitStatus: status), String(decoding: text, as: UTF8.self))
  }
}
