import Glibc
import RingTesting
import SharedMemory

/// The writers and readers of a storm. Half of them kill themselves at a crash point, the others are killed from outside at a random time;
/// whoever has died is replaced.
struct Population {
  static let writers = 4
  private static let readers = 2
  /// Nanoseconds that nobody outlives who is killed from outside.
  private static let longestLife: UInt64 = 5_000_000
  /// Nanoseconds after which someone is killed who has not come to the crash point.
  private static let longestWait: UInt64 = 50_000_000

  private let ledger: Ledger
  private let ring: RingPlace
  private var generator: SeededGenerator
  private var members: [CInt: Member] = [:]
  private(set) var kills = 0
  /// Those that ended in another way than by SIGKILL.
  private(set) var otherEnds = 0

  private struct Member {
    /// The writer's row; nil for a reader.
    var row: Int?
    /// When it is killed from outside, CLOCK_MONOTONIC; nil: it has been.
    var dies: UInt64?
  }

  init(ledger: Ledger, ring: RingPlace, seed: UInt64) {
    self.ledger = ledger
    self.ring = ring
    generator = SeededGenerator(seed: seed)
    for row in 0..<Self.writers { start(row) }
    for _ in 0..<Self.readers { start(nil) }
  }

  /// Kills whose time has come, and replaces who has died.
  mutating func turn() {
    let now = monotonicNanoseconds()
    for (process, member) in members where member.dies.map({ $0 <= now }) == true {
      kill(process, SIGKILL)
      members[process]?.dies = nil
    }
    while let member = reap(WNOHANG) { start(member.row) }
  }

  mutating func end() {
    for process in members.keys { kill(process, SIGKILL) }
    while reap(0) != nil {}
  }

  private mutating func reap(_ options: CInt) -> Member? {
    var status: CInt = 0
    let process = waitpid(-1, &status, options)
    guard process > 0, let member = members.removeValue(forKey: process) else { return nil }
    kills += 1
    if ChildProcess.End(status: status) != .killed(SIGKILL) { otherEnds += 1 }
    return member
  }

  private mutating func start(_ row: Int?) {
    let plan = generator.next() % 2 == 0 ? crashPlan(isWriter: row != nil) : nil
    let life = plan == nil ? generator.next() % Self.longestLife : Self.longestWait
    let seed = generator.next()
    let child = ChildProcess { [ledger, ring] in
      if let (point, pass) = plan { CrashPlan.die(at: point, pass: pass) { ledger.noteDeath(at: point) } }
      // Opened by each anew: attaching is among what may be interrupted.
      let ring = try Ring(name: ring.name, size: ring.size)
      let role = Role(ledger: ledger, ring: ring, seed: seed)
      if let row { role.write(row) } else { role.read() }
    }
    members[child.id] = Member(row: row, dies: monotonicNanoseconds() + life)
  }

  /// A ring is opened once in a life, all else happens again and again.
  private mutating func crashPlan(isWriter: Bool) -> (point: Failpoint, pass: Int) {
    let points = (isWriter ? Failpoint.insertion + Failpoint.sweep : Failpoint.reading) + Failpoint.opening
    let point = points.randomElement(using: &generator)!
    return (point, Failpoint.opening.contains(point) ? 1 : Int.random(in: 1...30, using: &generator))
  }
}

/// Where the storm's ring is.
struct RingPlace {
  var name: String
  var size: Int
}
