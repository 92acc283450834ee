package import SharedMemory

/// What a ring can hold.
package struct RingCapacity {
  package var slots: Int
  package var bytes: Int

  package init(slots: Int, bytes: Int) {
    self.slots = slots
    self.bytes = bytes
  }

  package init(of ring: borrowing Ring) {
    let statistics = ring.statistics(now: .min)
    self.init(slots: statistics.slotsTotal, bytes: statistics.bytesTotal)
  }

  /// How many of the live entries, the oldest first, must go before one more of `length` bytes fits.
  package func surplus(in live: ArraySlice<RingModel.Entry>, for length: Int) -> Int {
    var kept = live
    var used = live.reduce(length) { $0 + $1.length }
    while let oldest = kept.first, kept.count >= slots || used > bytes {
      used -= oldest.length
      kept.removeFirst()
    }
    return live.count - kept.count
  }
}

extension ArraySlice<RingModel.Entry> {
  /// How many of these, the oldest first, have expired: a sweep stops at the first that has not.
  package func expired(by now: Int64) -> Int { prefix { $0.expires <= now }.count }
}
