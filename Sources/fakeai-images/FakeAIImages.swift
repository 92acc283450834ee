import ArgumentParser
import Glibc
import OpenAIAPI

/// The program, as a table of contents of its commands.
@main
struct FakeAIImages: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fakeai-images",
    abstract: "A staging mock of the OpenAI Images API that draws real placeholder images.",
    discussion: """
      Point an OpenAI SDK at it, load-test your own system with it, and see how your code behaves without paying for images:

        fakeai-images serve
        curl http://127.0.0.1:8000/v1/images/generations \\
          -H 'Content-Type: application/json' -d '{"prompt": "a serene lake"}'

      Every setting of serve is also an environment variable. A flag overrides the variable, which overrides the default.
      """,
    version: "fakeai-images \(APIService.version)",
    subcommands: [
      ServeCommand.self, GenerateCommand.self, UpscaleCommand.self, TemplatesCommand.self, StatusCommand.self, ReadyCommand.self,
      WorkerCommand.self,
    ])

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      if let failure = CommandFailure(unknownCommandIn: arguments) { throw failure }
      var command = try parsed(arguments)
      try command.run()
    } catch  where exitCode(for: error) == .success {
      exit(withError: error)
    } catch {
      let failure = error as? CommandFailure ?? CommandFailure("\(error)")
      if !failure.isReported { StandardError.write(line: "fakeai-images: \(failure.line)") }
      Glibc.exit(failure.status)
    }
  }

  /// The command that the arguments name.
  ///
  /// - Throws: a failure for arguments that are not allowed, or an exit that is none, such as a request for help.
  private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    do {
      return try parseAsRoot(arguments)
    } catch  where exitCode(for: error) != .success {
      throw CommandFailure(parsing: arguments, error)
    }
  }
}
