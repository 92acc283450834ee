/// Mistakes that the ring does not make, so that its tests can show that they would catch each.
///
/// A test build (`-DMUTANTS`) can be told to make one; in every other build ``isOn`` is false at compile time and nothing of this is left.
/// Which trial of the storm must catch which is its own table. The fences have no mutants: x86-64 keeps the order of stores and of loads,
/// so that without them no test could tell there.
package enum Mutant: String, CaseIterable, Sendable {
  /// The entry is live before its bytes are there.
  case publishesBeforeBytes
  /// The entry is live before its slot is filled.
  case publishesBeforeSlot
  /// The oldest entries are overwritten before they are given up.
  case overwritesBeforeRaising
  /// The reader does not look at `first` again when it has copied.
  case looksOnce
  /// The reader believes bytes that do not match their checksum.
  case ignoresChecksum
  /// The reader believes a slot's lengths.
  case ignoresBounds
  /// The reader takes the sequence number alone for the name.
  case ignoresKey
  /// The ring holds an entry more than it has slots.
  case overfillsSlots
  /// Writers do without the lock.
  case writesUnlocked
  /// A dead owner's lock is unlocked without having been made consistent.
  case unlocksInconsistent
  /// The magic number is written before what it vouches for.
  case stampsMagicFirst
  /// Whoever finds an unfinished segment creates it, whoever else is at it.
  case createsUnlocked

  @inline(__always) var isOn: Bool {
    #if MUTANTS
      unsafe Self.chosen == self
    #else
      false
    #endif
  }

  #if MUTANTS
    /// The one that this process and the children it forks from now on shall be. Written by one thread.
    package nonisolated(unsafe) static var chosen: Mutant?
  #endif
}
