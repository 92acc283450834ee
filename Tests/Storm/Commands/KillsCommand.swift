import ArgumentParser

struct KillsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kills", abstract: "Writers and readers, killed again and again, and a judge who asks for every acknowledged entry.")

  @Option(help: "How many processes are to die.") var kills = 2000
  @Option(help: "How many entries are to be acknowledged.") var acknowledged = 20_000
  @Option(help: "What the chances begin with.") var seed: UInt64 = 1

  func run() throws {
    var judge = try Judge(kills: kills, acknowledgements: acknowledged, seed: seed)
    let verdict = try judge.run()
    print(verdict.text)
    if !verdict.isClean { throw ExitCode.failure }
  }
}
