import ArgumentParser
import RingTesting
import SharedMemory

struct KillsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kills", abstract: "Writers and readers, killed again and again, and a judge who asks for every acknowledged entry.",
    discussion: """
      An entry that was acknowledged must be there, byte for byte, or be older than the oldest that the ring still holds. Ends with the \
      figures, and with status 1 where one is not what it must be.
      """)

  @Option(help: "How many processes are to die.") var kills = 2000
  @Option(help: "How many entries are to be acknowledged.") var acknowledged = 20_000
  @Option(help: "How many are to die at each crash point; those of a ring's creation are gone through so often first.")
  var deathsPerPoint = 0
  @Option(help: "Milliseconds at most from a death with the lock to the next entry, 99 times out of 100. (default: no limit)")
  var longestWait: Double?
  @OptionGroup var options: RunOptions

  private static let pages = 1024

  func run() throws {
    options.apply()
    try CreationTrial(deathsPerPoint: deathsPerPoint).run()
    var verdict = try storm()
    // The trial has thrown where one of these did not die.
    for point in Failpoint.opening + Failpoint.creation { verdict.deaths[point, default: 0] += deathsPerPoint }
    print(verdict.text)
    if !verdict.faults.isEmpty { throw Finding(verdict.faults.joined(separator: "; ")) }
  }

  private func storm() throws -> Verdict {
    let place = TemporaryRing(pages: Self.pages)
    let demands = StormDemands(kills: kills, acknowledged: acknowledged, deathsPerPoint: deathsPerPoint, longestWait: longestWait)
    var judge = Judge(demands: demands, ring: try place.open(), at: RingPlace(name: place.name, size: place.size), seed: options.seed)
    return judge.run()
  }
}
