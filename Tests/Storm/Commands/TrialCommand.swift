import ArgumentParser

struct TrialCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "try", abstract: "What can be shown about the ring in seconds: \(Trial.allCases.map(\.rawValue).joined(separator: ", ")).")

  @Argument(help: "Which; all of them where none is named.") var trials: [Trial] = []
  @OptionGroup var options: RunOptions

  func run() throws {
    options.apply()
    for trial in trials.isEmpty ? Trial.allCases : trials { print("\(trial): \(try trial.run(seed: options.seed))") }
  }
}
