import Atomics
import CRingLayout

extension Ring {
  /// Records the terms on which the users of the ring agree, unless they conflict with the terms recorded before.
  ///
  /// - Parameters:
  ///   - terms: not 0; their meaning is unknown to the ring.
  ///   - conflict: returns why the caller must not use the ring, given the recorded terms (0: none) and whether other processes use it. It is
  ///     not called if the terms are the same. No process can join meanwhile.
  package func agree(on terms: UInt64, conflict: (_ found: UInt64, _ isUsed: Bool) -> String?) throws(SegmentError) {
    try segment.whileNobodyJoins { isUsed throws(SegmentError) in
      let found = self.terms.load(ordering: .relaxed)
      guard found != terms else { return }
      if let reason = conflict(found, isUsed) { throw .refused(reason: reason, name: segment.name) }
      self.terms.store(terms, ordering: .relaxed)
    }
  }

  /// When the last of the live entries expires, in nanoseconds since 1970; nil if there is none.
  package func latestExpiry(now: Int64) -> Int64? {
    var latest = now
    for sequence in liveSequences { latest = max(latest, unsafe slot(sequence).pointee.expires) }
    return latest > now ? latest : nil
  }
}
