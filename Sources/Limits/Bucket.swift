import SystemCalls

// The whole state of a bucket is one word. A process changes it in one step, so it may die before or after the change, but never during it.
// 0 is a full bucket, for either refill policy.
//
//   continuous   nanoseconds since 1970 at which the bucket will be full again (the generic cell rate algorithm's theoretical arrival time)
//   minute       44 bits: milliseconds since 1970 at which the minute began; 20 bits: units used in it
//
// No state is more than a minute in the future. If one is by more than another minute, it was stored before the clock was set back; the
// bucket then counts as full.

/// A number of units and how they are refilled. Time and state are parameters, so the result is the same in all processes.
package struct Bucket: Sendable, Equatable {
  /// Units per minute, at most 2^20 - 1.
  package let limit: Int
  package let refill: RefillPolicy

  package init(limit: Int, refill: RefillPolicy) {
    self.limit = limit
    self.refill = refill
  }

  /// The result of taking units.
  package struct Draw: Equatable {
    /// The state to store; nil if there are too few units.
    package var state: UInt64?
    /// Units that remain afterwards.
    package var remaining: Int
    /// Nanoseconds until the bucket is full again.
    package var reset: Int64
    /// Nanoseconds until there are enough units; 0 if there are.
    package var wait: Int64
  }

  /// Takes units if there are enough of them. 0 units only reads the bucket.
  ///
  /// - Parameters:
  ///   - state: the stored state.
  ///   - now: nanoseconds since 1970.
  package func take(_ units: Int, from state: UInt64, at now: Int64) -> Draw {
    switch refill {
    case .continuous: takeContinuous(units, from: state, at: now)
    case .minute: takeOfMinute(units, from: state, at: now)
    }
  }

  private static let minute = 60 * WallClock.nanosecondsPerSecond

  /// The debt is the time until the bucket is full: each unit taken adds the time in which one unit is refilled.
  private func takeContinuous(_ units: Int, from state: UInt64, at now: Int64) -> Draw {
    let interval = Self.minute / Int64(limit)
    // If the minute is not a multiple of the limit, the remainder is dropped: a full bucket holds exactly `limit` units.
    let longest = interval * Int64(limit)
    let debt = min(Self.ahead(Int64(clamping: state), of: now), longest)
    let taken = debt + interval * Int64(units)
    guard taken <= longest else {
      return Draw(
        state: nil, remaining: Int((longest - debt) / interval), reset: debt, wait: units > limit ? debt : taken - longest)
    }
    return Draw(state: UInt64(now + taken), remaining: Int((longest - taken) / interval), reset: taken, wait: 0)
  }

  private func takeOfMinute(_ units: Int, from state: UInt64, at now: Int64) -> Draw {
    let millisecond = WallClock.nanosecondsPerSecond / 1000
    let start = Int64(state >> 20)
    let left = Self.ahead(start &* millisecond &+ Self.minute, of: now)
    // The next minute begins when the next unit is taken.
    let isOver = left == 0
    let used = isOver ? 0 : min(Int(state & 0xfffff), limit)
    guard used + units <= limit else { return Draw(state: nil, remaining: limit - used, reset: left, wait: left) }
    let began = isOver ? now / millisecond : start
    return Draw(
      state: UInt64(began) << 20 | UInt64(used + units), remaining: limit - used - units,
      reset: isOver && units > 0 ? Self.minute : left, wait: 0)
  }

  /// Nanoseconds from now until `time`; 0 if it is past, or if it could not have been stored by a clock that only runs forward.
  private static func ahead(_ time: Int64, of now: Int64) -> Int64 {
    // This does not overflow, whatever value is in shared memory.
    let ahead = time &- now
    return (0...2 * minute).contains(ahead) ? ahead : 0
  }
}
