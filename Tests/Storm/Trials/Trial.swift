import ArgumentParser
import RingTesting

/// What can be shown about the ring in seconds. Each has a file of its own.
enum Trial: String, CaseIterable, ExpressibleByArgument {
  /// One process, against the model.
  case model
  case deaths, guards, creations, histories, overtaking

  /// - Returns: what was seen, in words. Throws a ``Finding`` where it is not what must be.
  func run(seed: UInt64) throws -> String {
    switch self {
    case .model:
      for number in 0..<UInt64(Self.runs) {
        var run = try RandomRun(seed: seed << 20 + number)
        do { try run.run(steps: 200) } catch { throw Finding("run \(number) of seed \(seed), \(error)") }
      }
      return "\(Self.runs) random runs as the model says"
    case .deaths:
      try DeathTrial().run()
      return "a death at each step leaves what it must"
    case .guards:
      try GuardTrial().run()
      return "each check of a reader holds where it stands alone"
    case .creations:
      try CreationTrial(deathsPerPoint: 5).run()
      return "fifty at once, or two after a death at each step, create one ring"
    case .histories: return try HistoryTrial(seed: seed, historyCount: 10).run()
    case .overtaking: return try OvertakingTrial(wanted: 10_000).run()
    }
  }

  private static let runs = 100
}
