/// What a storm must come to.
struct StormDemands {
  /// How many processes are to die, and how many entries are to be acknowledged.
  var kills: Int
  var acknowledged: Int
  /// A ring that takes nothing more shall not keep the storm going for ever.
  var killsAtMost: Int { kills * 10 }
  /// How many are to die at each crash point.
  var deathsPerPoint: Int
  /// Milliseconds from a death that left the lock taken to the next entry, 99 times out of 100; nil: no matter, for a loaded machine has
  /// its own.
  var longestWait: Double?
}
