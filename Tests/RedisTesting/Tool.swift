import Glibc

/// redis-cli, for what is asked of one server, and for changes of a Cluster.
package enum Tool {
  package static let client = "/usr/bin/redis-cli"

  /// - Returns: whether the server answered the command.
  package static func cli(_ port: UInt16, _ command: [String]) -> Bool { run(client, ["-p", "\(port)"] + command) }

  /// - Returns: whether the program succeeded.
  package static func run(_ path: String, _ arguments: [String]) -> Bool {
    guard let id = try? Launcher.shared.start(path, arguments) else { return false }
    var status: CInt = 0
    return waitpid(id, &status, 0) == id && status == 0
  }

  /// What a server answers; empty without an answer.
  package static func output(_ port: UInt16, _ command: [String]) -> String { text(of: client, ["-p", "\(port)"] + command) }

  /// What a program writes.
  package static func text(of path: String, _ arguments: [String]) -> String {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { return "" }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let id = try? Launcher.shared.start(path, arguments, output: ends[1])
    close(ends[1])
    defer {
      close(ends[0])
      if let id { waitpid(id, nil, 0) }
    }
    var (bytes, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 4096))
    while case let count = read(ends[0], &buffer, buffer.count), count > 0 { bytes += buffer.prefix(count) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
