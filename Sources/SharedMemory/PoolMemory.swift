// Pools may share a store. They share its images, its limits and the counters of its workers, but each pool has its own rules and its own
// journal. So the names of these segments contain the pool too:
//
//   /fakeai-images-<store>-pool.<identity>-rules-v4
//   /fakeai-images-<store>-pool.<identity>-journal-<size>-v2
//
// The name of a store has no dot, so these never belong to another store. A pool that ends without cleaning up leaves them behind, unused.
// The next pool of that store takes over the journal, so that it survives a restart, and removes the rest.

/// Names the shared memory that belongs to one pool rather than to its store.
package struct PoolMemory: Sendable {
  package let store: String
  /// Distinguishes pools that run at the same time: the inode of the socket from which all workers of a pool accept connections.
  package let identity: UInt64

  package init(store: String, identity: UInt64) {
    self.store = store
    self.identity = identity
  }

  package var rules: String { "\(prefix)rules-v4" }

  /// A journal of another size is another segment: during a rollover there are workers with old and with new settings, which must not remove
  /// each other's journal.
  package func journal(size: Int) -> String { prefix + Self.journalSuffix(size: size) }

  /// Each worker calls this before it opens the segments.
  package func takeOver(journalSize: Int) {
    let own = Segment.names(startingWith: prefix)
    // A pool that has its rules is not new. Another pool whose workers are all just being restarted must not lose its memory to a worker that
    // happens to start here.
    guard !own.contains(rules) else {
      for name in own where name != rules && name != journal(size: journalSize) { Segment.removeIfUnused(name) }
      return
    }
    let others = Segment.names(startingWith: Self.prefix(store: store)).filter { !$0.hasPrefix(prefix) }
    let journals = others.filter { $0.hasSuffix(Self.journalSuffix(size: journalSize)) }
    let latest = journals.map { (name: $0, changed: Segment.nameChanged($0)) }.sorted { $0.changed > $1.changed }
    _ = latest.first { Segment.renameIfUnused($0.name, to: journal(size: journalSize)) }
    for name in others { Segment.removeIfUnused(name) }
  }

  /// Removes the rules, which are of no use to the next pool.
  package func removeRules() { Segment.unlink(rules) }

  /// The names of the segments of all pools of a store, present and past.
  package static func names(store: String) -> [String] { Segment.names(startingWith: prefix(store: store)) }

  /// Removes all segments of the pool.
  package func removeAll() { for name in Segment.names(startingWith: prefix) { Segment.unlink(name) } }

  private var prefix: String { Self.prefix(store: store) + "\(identity)-" }

  private static func prefix(store: String) -> String { "/fakeai-images-\(store)-pool." }
  private static func journalSuffix(size: Int) -> String { "journal-\(size)-v2" }
}
