import ArgumentParser
import Glibc

/// The program: a table of contents of its commands.
@main
struct FakeAIImages: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fakeai-images",
    abstract: "A staging mock of the OpenAI Images API that draws real placeholder pictures.",
    discussion: """
      Point an OpenAI SDK at it, load-test your own system through it, and see how your code behaves without paying for a picture:

        fakeai-images serve
        curl http://127.0.0.1:8000/v1/images/generations \\
          -H 'Content-Type: application/json' -d '{"prompt": "a serene lake"}'

      Every option of serve is also an environment variable; a flag wins over the environment, the environment over the default.
      """,
    subcommands: [ServeCommand.self, GenerateCommand.self, StatusCommand.self, WorkerCommand.self])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as CommandFailure {
      StandardError.write(line: "fakeai-images: \(failure.line)")
      Glibc.exit(failure.status)
    } catch {
      exit(withError: error)
    }
  }
}
