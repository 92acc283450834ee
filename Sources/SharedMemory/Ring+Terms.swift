import Atomics
import CRingLayout

extension Ring {
  /// Records what the users of the ring agree on, unless that contradicts what they agreed on before.
  ///
  /// - Parameters:
  ///   - terms: not 0; the ring does not know what they mean.
  ///   - conflict: says why the caller must not use the ring, given the terms that stand there (0: none) and whether other processes use it.
  ///     Not called where the terms are the same. Nobody joins meanwhile.
  package func agree(on terms: UInt64, conflict: (_ found: UInt64, _ isUsed: Bool) -> String?) throws(SegmentError) {
    try segment.whileNobodyJoins { isUsed throws(SegmentError) in
      let found = self.terms.load(ordering: .relaxed)
      guard found != terms else { return }
      if let reason = conflict(found, isUsed) { throw .refused(reason: reason, name: segment.name) }
      self.terms.store(terms, ordering: .relaxed)
    }
  }

  /// When the last of the live entries expires, in nanoseconds since 1970; nil where there is none.
  package func latestExpiry(now: Int64) -> Int64? {
    var latest = now
    for sequence in liveSequences { latest = max(latest, unsafe slot(sequence).pointee.expires) }
    return latest > now ? latest : nil
  }
}
