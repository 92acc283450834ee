import SharedMemory

extension Failpoint {
  static let insertion: [Failpoint] = [
    .locked, .removalHalfCounted, .firstRaised, .bytesHalfCopied, .bytesCopied, .slotHalfFilled, .slotFilled, .nextRaised,
  ]
  static let sweep: [Failpoint] = [.sweepLocked, .sweepRaised]
  static let reading: [Failpoint] = [.slotRead, .bytesRead]
  /// What everybody passes who opens a ring.
  static let opening: [Failpoint] = [.opened, .mapped]
  /// What only its creator passes.
  static let creation: [Failpoint] = [.allocated, .initialised, .stamped, .finished]
}
