import ArgumentParser
import SharedMemory

/// What each command that runs something can be told.
struct RunOptions: ParsableArguments {
  @Option(help: "What the chances begin with.") var seed: UInt64 = 1
  @Option(help: "A mistake for the ring to make meanwhile.") var mutant: Mutant?

  func apply() {
    if let mutant { Mutant.chosen = mutant }
  }
}

extension Mutant: ExpressibleByArgument {}
