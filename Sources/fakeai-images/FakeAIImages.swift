import ArgumentParser

@main
struct FakeAIImages: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "fakeai-images")
}
