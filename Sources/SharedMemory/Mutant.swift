/// Mistakes that the ring does not make, so that its tests can show that they would catch each of them.
///
/// A test build (`-DMUTANTS`) can be told to make one. In every other build ``isOn`` is false at compile time, and nothing of this remains.
/// The storm has a table of the trial that must catch each mutant. The fences have no mutants: x86-64 keeps the order of stores and of
/// loads, so no test could detect a missing fence there.
package enum Mutant: String, CaseIterable, Sendable {
  /// The entry is live before its bytes are written.
  case publishesBeforeBytes
  /// The entry is live before its slot is filled.
  case publishesBeforeSlot
  /// The oldest entries are overwritten before they are evicted.
  case overwritesBeforeRaising
  /// The oldest entries are removed before they are counted.
  case raisesBeforeCounting
  /// The reader does not check `first` again after copying.
  case looksOnce
  /// The reader trusts bytes that do not match their checksum.
  case ignoresChecksum
  /// The reader trusts a slot's lengths.
  case ignoresBounds
  /// The reader checks only the sequence number and not the key.
  case ignoresKey
  /// The ring holds one entry more than it has slots.
  case overfillsSlots
  /// Writers do not take the lock.
  case writesUnlocked
  /// A dead owner's lock is unlocked without being made consistent.
  case unlocksInconsistent
  /// The magic number is written before the data whose validity it indicates.
  case stampsMagicFirst
  /// A process that finds an unfinished segment creates it, even if another process is doing so.
  case createsUnlocked

  @inline(__always) var isOn: Bool {
    #if MUTANTS
      unsafe Self.chosen == self
    #else
      false
    #endif
  }

  #if MUTANTS
    /// The mutant that this process, and the children that it forks from now on, should be. Written by one thread.
    package nonisolated(unsafe) static var chosen: Mutant?
  #endif
}
