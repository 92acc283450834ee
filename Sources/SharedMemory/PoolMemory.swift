// Pools may share a store. Its pictures, its limits and what its workers count are for all of them; which answers are wrong, and what was
// asked, is each pool's own affair. So their segments are named after the pool too:
//
//   /fakeai-images-<store>-pool.<identity>-rules-v2
//   /fakeai-images-<store>-pool.<identity>-journal-<size>-v2
//
// No store's name has a dot, so these are never another store's. A pool that ends without having tidied up leaves them behind, and nobody
// uses them any more; the next pool of that store takes over the journal, so that it survives a restart, and removes the rest.

/// Names the shared memory that belongs to one pool rather than to its store.
package struct PoolMemory: Sendable {
  package let store: String
  /// Tells pools that live at one time from each other: the inode of the socket from which all workers of a pool accept.
  package let identity: UInt64

  package init(store: String, identity: UInt64) {
    self.store = store
    self.identity = identity
  }

  package var rules: String { "\(prefix)rules-v2" }

  /// A journal of another size is another segment: workers with old and new settings, of which there are both during a rollover, must not
  /// take each other's away.
  package func journal(size: Int) -> String { prefix + Self.journalSuffix(size: size) }

  /// To be called by each worker before it opens them.
  package func takeOver(journalSize: Int) {
    let own = Segment.names(startingWith: prefix)
    // While a pool has its rules, it is not new. Another pool whose workers are all just being restarted must not lose its memory to each
    // worker that happens to start here.
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

  /// Removes what is of no use to the next pool.
  package func removeRules() { Segment.unlink(rules) }

  /// Removes all that belongs to the pool.
  package func removeAll() { for name in Segment.names(startingWith: prefix) { Segment.unlink(name) } }

  private var prefix: String { Self.prefix(store: store) + "\(identity)-" }

  private static func prefix(store: String) -> String { "/fakeai-images-\(store)-pool." }
  private static func journalSuffix(size: Int) -> String { "journal-\(size)-v2" }
}
