import ArgumentParser
import Spelling

// The argument parser would report what it does not understand in three lines: the error, all options, and where to read about them.

extension CommandFailure {
  /// An error of the argument parser in one line, with the command that explains the options.
  init(parsing arguments: [String], _ error: any Error) {
    let lines = FakeAIImages.message(for: error).split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }
    var message = lines.joined(separator: " ")[...]
    if message.last == "." { message.removeLast() }
    let command = arguments.first.flatMap { Self.commands.contains($0) ? "fakeai-images \($0)" : nil } ?? "fakeai-images"
    self = .usage("\(message.prefix(1).lowercased())\(message.dropFirst()) (\(command) --help lists what is allowed)")
  }

  /// - Returns: nil if the first argument is a command or an option.
  init?(unknownCommandIn arguments: [String]) {
    let commands = Self.commands
    guard let word = arguments.first, !word.hasPrefix("-"), !commands.contains(word) else { return nil }
    self = .usage("unknown command \(word.debugDescription)\(commands.suggestion(for: word)); allowed: \(commands.joined(separator: ", "))")
  }

  private static var commands: [String] { FakeAIImages.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"] }
}
