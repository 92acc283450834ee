import SystemPackage

/// The limits that the control groups of this process set, by which containers and systemd divide a machine: cgroups(7), in version 1 and 2.
///
/// A group is limited by those above it too, so the smallest limit counts. In a container, the files of the groups above it are often not
/// visible; then neither are their limits.
struct ControlGroups: Equatable {
  /// Bytes of memory, shared memory included; nil: no limit.
  private(set) var memory: Int?
  /// Processors, such as 1.5; nil: no limit.
  private(set) var processors: Double?

  /// - Parameter root: the root directory; tests have their own.
  init(root: FilePath = "/") {
    let memberships = Self.text(root, "proc/self/cgroup").split(separator: "\n").compactMap(Membership.init)
    for mount in Self.text(root, "proc/self/mountinfo").split(separator: "\n").compactMap(Mount.init) {
      for membership in memberships where mount.shows(membership) {
        for directory in mount.directories(of: membership) { read(root.appending(directory.components)) }
      }
    }
  }

  /// Takes the limits of one directory into account. It has the files of only one version.
  private mutating func read(_ directory: FilePath) {
    for file: FilePath in ["memory.max", "memory.limit_in_bytes"] {
      // Version 1 writes "no limit" as the largest multiple of the page size.
      if let bytes = Int(Self.word(directory, file)), bytes < 1 << 60 { memory = min(memory ?? bytes, bytes) }
    }
    let pair = Self.text(directory, "cpu.max").split(whereSeparator: \.isWhitespace).map { Double($0) }
    let quotas = [
      (pair.first ?? nil, pair.last ?? nil),
      (Double(Self.word(directory, "cpu.cfs_quota_us")), Double(Self.word(directory, "cpu.cfs_period_us"))),
    ]
    for case (let quota?, let period?) in quotas where quota > 0 && period > 0 {
      processors = min(processors ?? .infinity, quota / period)
    }
  }

  private static func word(_ directory: FilePath, _ file: FilePath) -> Substring { text(directory, file).prefix { !$0.isWhitespace } }

  /// The text of a file; "" if it cannot be read, which is usual for what does not exist in the other version.
  private static func text(_ directory: FilePath, _ file: FilePath) -> Substring {
    let bytes = (try? SettingFile.read(directory.appending(file.components).string, limit: 1 << 20)) ?? []
    return Substring(decoding: bytes, as: UTF8.self)
  }
}

/// The group of this process in one hierarchy: a line `<id>:<controllers>:<path>` of /proc/self/cgroup. Version 2 has no controllers there.
private struct Membership {
  let controllers: Set<Substring>
  let path: FilePath

  init?(line: Substring) {
    let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3 else { return nil }
    controllers = Set(fields[1].split(separator: ","))
    path = FilePath(String(fields[2]))
  }
}

/// A mounted hierarchy, or a part of it: a line of /proc/self/mountinfo, see proc(5).
private struct Mount {
  /// nil in version 2.
  let controllers: Set<Substring>?
  /// The group that is visible at the mount point.
  let root: FilePath
  let point: FilePath

  init?(line: Substring) {
    let fields = line.split(separator: " ")
    guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
    switch fields[dash + 1] {
    case "cgroup2": controllers = nil
    case "cgroup": controllers = Set(fields[dash + 3].split(separator: ","))
    default: return nil
    }
    (root, point) = (FilePath(String(fields[3])), FilePath(String(fields[4])))
  }

  func shows(_ membership: Membership) -> Bool {
    guard let controllers else { return membership.controllers.isEmpty }
    return ["memory", "cpu"].contains { controllers.contains($0) && membership.controllers.contains($0) }
  }

  /// The directory of the group and those of the visible groups above it.
  func directories(of membership: Membership) -> [FilePath] {
    var inner = membership.path
    // A group outside the part that is mounted here: the mount point is the nearest.
    if !inner.removePrefix(root) || inner.components.contains(where: { $0.kind == .parentDirectory }) { inner = "" }
    return (0...inner.components.count).map { point.appending(inner.components.prefix($0)) }
  }
}
