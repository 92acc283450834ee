import FoundationEssentials
import Glibc

/// The host names that the mock's own routes accept.
///
/// A browser treats all pages of `http://rebind.example:8000` as the same site, even if the address behind the name changes. Any page can
/// therefore have its own name point to 127.0.0.1, and then read and change everything there ("DNS rebinding"). However, it cannot send a
/// Host header other than its own name, and another site cannot have a name that is trusted here.
package struct TrustedHosts: Sendable, Equatable {
  private var names: Set<String>
  /// Each with its leading dot.
  private var suffixes: [String]

  /// - Parameters:
  ///   - entries: names, or suffixes such as `.example.com`, from the settings.
  ///   - machine: the machine's own names.
  package init(_ entries: [String] = [], machine: [String] = []) {
    names = Set(["localhost"] + machine.map { $0.lowercased() } + entries.filter { !$0.hasPrefix(".") })
    suffixes = [".localhost"] + entries.filter { $0.hasPrefix(".") }
  }

  /// Addresses are always trusted: a page of another site cannot have one as its name.
  func contains(_ authority: Authority) -> Bool {
    authority.isAddress || names.contains(authority.host) || suffixes.contains { authority.host.hasSuffix($0) && authority.host != $0 }
  }

  /// The normal form of a name or suffix: lower case, without a trailing dot; nil if the text is neither.
  package static func entry(_ text: some StringProtocol) -> String? {
    let isSuffix = text.hasPrefix(".")
    let name = (isSuffix ? text.dropFirst() : text[...]).lowercased()
    let bare = name.hasSuffix(".") ? String(name.dropLast()) : name
    return Authority.isName(bare) ? (isSuffix ? "." : "") + bare : nil
  }
}

/// The names of this machine.
package enum MachineNames {
  /// The host name and the names beside it in /etc/hosts, of which one is usually the fully qualified name. No name server is queried: a
  /// worker would have to wait for it at its start, and the answer could come from anyone.
  package static var all: [String] {
    guard let name = hostName, !name.isEmpty else { return [] }
    let hosts = (try? String(contentsOfFile: "/etc/hosts", encoding: .utf8)) ?? ""
    return [name] + names(beside: name, in: hosts)
  }

  /// - Parameter hosts: a file in the format of hosts(5).
  static func names(beside name: String, in hosts: String) -> [String] {
    hosts.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
      let names = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).dropFirst().map { $0.lowercased() }
      return names.contains(name.lowercased()) ? names : []
    }
  }

  /// nil if it cannot be determined.
  package static var hostName: String? {
    // Host names have at most 64 bytes on Linux.
    var room = [CChar](repeating: 0, count: 65)
    guard unsafe gethostname(&room, room.count) == 0 else { return nil }
    return String(decoding: room.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
