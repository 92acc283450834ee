import ArgumentParser

/// Processes over one ring, for what cannot be shown by threads of one.
@main
struct Storm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Storm", abstract: "Shows that the ring keeps its word while processes die over it.",
    subcommands: [KillsCommand.self, TrialCommand.self, MutantsCommand.self])
}
