import ArgumentParser
import SharedMemory

/// Processes over one ring, for what cannot be shown by threads of one.
@main
struct Storm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Storm", abstract: "Shows that the ring keeps its word while processes die over it.",
    subcommands: [KillsCommand.self, TrialCommand.self, MutantsCommand.self])
}

/// What each command that runs something can be told.
struct RunOptions: ParsableArguments {
  @Option(help: "What the chances begin with.") var seed: UInt64 = 1
  @Option(help: "A mistake for the ring to make meanwhile.") var mutant: Mutant?

  func apply() {
    if let mutant { Mutant.chosen = mutant }
  }
}

extension Mutant: ExpressibleByArgument {}
