import SharedMemory

extension CrashPoint {
  static let insertion: [CrashPoint] = [.locked, .firstRaised, .bytesHalfCopied, .bytesCopied, .slotHalfFilled, .slotFilled, .nextRaised]
  static let sweep: [CrashPoint] = [.sweepLocked, .sweepRaised]
  static let reading: [CrashPoint] = [.slotRead, .bytesRead]
  /// What everybody passes who opens a ring.
  static let opening: [CrashPoint] = [.opened, .mapped]
  /// What only its creator passes.
  static let creation: [CrashPoint] = [.allocated, .initialised, .stamped, .finished]
}
