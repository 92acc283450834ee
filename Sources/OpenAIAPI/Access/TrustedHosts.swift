import FoundationEssentials
import Glibc

/// The names under which the mock's own routes can be asked for.
///
/// A browser takes every page of `http://rebind.example:8000` for the same site, whatever address that name has from one moment to the next.
/// So a page from anywhere can have its own name point to 127.0.0.1, and then read and change everything there ("DNS rebinding"). It
/// cannot send another Host than its own name, though, and no name that is trusted here can be somebody else's.
package struct TrustedHosts: Sendable, Equatable {
  private var names: Set<String>
  /// Each with the dot at its start.
  private var suffixes: [String]

  /// - Parameters:
  ///   - entries: names, or suffixes such as `.example.com`, as the operator set them.
  ///   - machine: the machine's own names.
  package init(_ entries: [String] = [], machine: [String] = []) {
    names = Set(["localhost"] + machine.map { $0.lowercased() } + entries.filter { !$0.hasPrefix(".") })
    suffixes = [".localhost"] + entries.filter { $0.hasPrefix(".") }
  }

  /// Addresses can always be asked: nobody else's page has one for its name.
  func contains(_ authority: Authority) -> Bool {
    authority.isAddress || names.contains(authority.host) || suffixes.contains { authority.host.hasSuffix($0) && authority.host != $0 }
  }

  /// How a name or suffix is kept: in lower case, without a dot at its end. nil for what is neither.
  package static func entry(_ text: some StringProtocol) -> String? {
    let isSuffix = text.hasPrefix(".")
    let name = (isSuffix ? text.dropFirst() : text[...]).lowercased()
    let bare = name.hasSuffix(".") ? String(name.dropLast()) : name
    return Authority.isName(bare) ? (isSuffix ? "." : "") + bare : nil
  }
}

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
