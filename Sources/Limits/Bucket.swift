import SystemCalls

// A bucket's whole state is one word, so that a process can change it in one step and may die before or after, never in between. 0 is a
// full bucket, whichever way it refills.
//
//   continuous   nanoseconds since 1970 at which the bucket will be full again (the generic cell rate algorithm's theoretical arrival time)
//   minute       44 bits: milliseconds since 1970 at which the minute began; 20 bits: units used in it
//
// No state lies more than a minute ahead. What does by more than another minute was stored before somebody set the clock back, and counts as
// a full bucket.

/// How many units there are, and how they come back. Time and state come in as values, so it is the same for all processes.
package struct Bucket: Sendable, Equatable {
  /// Units a minute, at most 2^20 - 1.
  package let limit: Int
  package let refill: RefillPolicy

  package init(limit: Int, refill: RefillPolicy) {
    self.limit = limit
    self.refill = refill
  }

  /// What taking would leave.
  package struct Draw: Equatable {
    /// The state to store; nil where there are too few units.
    package var state: UInt64?
    /// Units left, after what was taken.
    package var remaining: Int
    /// Nanoseconds until the bucket is full again.
    package var reset: Int64
    /// Nanoseconds until there are enough; 0 where there are.
    package var wait: Int64
  }

  /// Takes so many units, where there are as many; 0 looks only.
  ///
  /// - Parameters:
  ///   - state: what is stored.
  ///   - now: nanoseconds since 1970.
  package func take(_ units: Int, from state: UInt64, at now: Int64) -> Draw {
    switch refill {
    case .continuous: takeContinuous(units, from: state, at: now)
    case .minute: takeOfMinute(units, from: state, at: now)
    }
  }

  private static let minute = 60 * WallClock.nanosecondsPerSecond

  /// The debt is the time until the bucket is full: each unit taken adds the time in which one comes back.
  private func takeContinuous(_ units: Int, from state: UInt64, at now: Int64) -> Draw {
    let interval = Self.minute / Int64(limit)
    // Of a minute that is no multiple of the limit, the rest is left out: a full bucket holds `limit`, to the unit.
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
    // The next minute begins with the first unit that is taken.
    let isOver = left == 0
    let used = isOver ? 0 : min(Int(state & 0xfffff), limit)
    guard used + units <= limit else { return Draw(state: nil, remaining: limit - used, reset: left, wait: left) }
    let began = isOver ? now / millisecond : start
    return Draw(
      state: UInt64(began) << 20 | UInt64(used + units), remaining: limit - used - units,
      reset: isOver && units > 0 ? Self.minute : left, wait: 0)
  }

  /// Nanoseconds from now until then; 0 for what is past, and for what no clock that runs forward could have stored.
  private static func ahead(_ time: Int64, of now: Int64) -> Int64 {
    // Whatever stands in shared memory, this does not overflow.
    let ahead = time &- now
    return (0...2 * minute).contains(ahead) ? ahead : 0
  }
}
