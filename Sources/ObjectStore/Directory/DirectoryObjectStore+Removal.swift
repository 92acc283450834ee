import SystemCalls
import SystemPackage

/// How a store gets rid of objects.
extension DirectoryObjectStore {
  // MARK: - When it is full

  /// Ensures that a file of that size fits into its group, or throws. Runs under the lock.
  func makeRoom(for size: Int, _ name: ObjectName) throws(ObjectStoreError) {
    let group = ObjectGroup(name.kind)
    let limit = capacity[group]
    guard use.bytes(group) + size > limit else { return }
    // Some more than needed, so that not every object has to list the files.
    try free(use.bytes(group) + size - limit + (group == .evicted ? limit / 8 : 0), for: name)
    guard use.bytes(group) + size <= limit else { throw .full(name.kind, capacity: limit) }
  }

  /// Removes objects because memory or disk is full.
  /// - Returns: whether that was possible.
  func hasFreed(_ size: Int, for name: ObjectName) throws(ObjectStoreError) -> Bool {
    try withLock { () throws(ObjectStoreError) in
      let before = use.bytes(ObjectGroup(name.kind))
      try free(size, for: name)
      return use.bytes(ObjectGroup(name.kind)) < before
    }
  }

  /// Removes the expired objects of a group, and those that may be evicted, the ones that expire first, until they had as many bytes.
  ///
  /// - Parameter name: the object that needs the room, and stays.
  private func free(_ size: Int, for name: ObjectName) throws(ObjectStoreError) {
    let (group, now) = (ObjectGroup(name.kind), clock.now())
    guard group == .evicted || use.earliest(group) <= now else { return }
    let entries = try entries(of: group)
    var (freed, rest) = (0, entries[...])
    while let entry = rest.first, entry.expires <= now || group == .evicted && freed < size {
      rest = rest.dropFirst()
      guard entry.name != name else { continue }
      freed += try discard(entry.name) ?? 0
      use.count(entry.expires <= now ? .expired : .evicted)
    }
    use.set(
      group, bytes: use.bytes(group), objects: use.objects(group),
      earliest: min(rest.first?.expires ?? .max, directory.entry(name)?.expires ?? .max))
  }

  /// The files of a group, those that expire first at the beginning.
  private func entries(of group: ObjectGroup) throws(ObjectStoreError) -> [ObjectDirectory.Entry] {
    var entries: [ObjectDirectory.Entry] = []
    for kind in group.kinds { entries += try attempt("list") { () throws(Errno) in try directory.entries(of: kind) } }
    return entries.sorted { ($0.expires, $0.name.id) < ($1.expires, $1.name.id) }
  }

  // MARK: - Now and then

  /// Removes expired objects in small steps, between which others find the lock free, and what processes have left that died.
  package func sweep() {
    directory.removeLeftovers()
    let now = clock.now()
    for group in ObjectGroup.allCases {
      let changes = use.value(.changes)
      guard let entries = try? entries(of: group) else { continue }
      let expired = entries.prefix { $0.expires <= now }
      guard expired.isEmpty else {
        removeExpired(expired.map(\.name), at: now)
        continue
      }
      // Somebody else may have removed files.
      _ = try? withLock(milliseconds: 0) { () throws(ObjectStoreError) in if use.value(.changes) == changes { count(entries, group) } }
    }
  }

  private static let step = 256

  private func removeExpired(_ names: [ObjectName], at now: Int64) {
    for start in stride(from: 0, to: names.count, by: Self.step) {
      _ = try? withLock { () throws(ObjectStoreError) in
        // It may have been replaced since.
        for name in names[start..<min(start + Self.step, names.count)] where directory.entry(name).map({ $0.expires <= now }) ?? false {
          try discard(name)
          use.count(.expired)
        }
      }
    }
  }

  // MARK: - Counting

  /// Counts all files. Runs under the lock.
  func countFiles() throws(ObjectStoreError) {
    for group in ObjectGroup.allCases { count(try entries(of: group), group) }
    use.set(.counted, to: 1)
  }

  private func count(_ entries: [ObjectDirectory.Entry], _ group: ObjectGroup) {
    use.set(
      group, bytes: entries.map(\.size).reduce(0, +), objects: entries.count, earliest: entries.first?.expires ?? .max)
  }
}
