import FoundationEssentials
import Glibc

/// What this machine calls itself.
package enum MachineNames {
  /// Its host name, and the names that /etc/hosts has beside it, of which one is usually the fully qualified one. No name server is asked:
  /// a worker would wait for it at its start, and its answer could be anybody's.
  package static var all: [String] {
    guard let name = hostName, !name.isEmpty else { return [] }
    let hosts = (try? String(contentsOfFile: "/etc/hosts", encoding: .utf8)) ?? ""
    return [name] + names(beside: name, in: hosts)
  }

  /// - Parameter hosts: a file as hosts(5) has it.
  static func names(beside name: String, in hosts: String) -> [String] {
    hosts.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
      let names = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).dropFirst().map { $0.lowercased() }
      return names.contains(name.lowercased()) ? names : []
    }
  }

  private static var hostName: String? {
    // Linux's names have at most 64 bytes.
    var room = [CChar](repeating: 0, count: 65)
    guard unsafe gethostname(&room, room.count) == 0 else { return nil }
    return String(decoding: room.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
