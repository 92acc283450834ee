import ArgumentParser
import Drawing
import ImageGeneration
import JSON

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what the store holds, what the workers do and which scripts have fonts.",
    discussion: """
      Reads shared memory and disturbs nobody; needs no server, only the same user.

        fakeai-images status
        fakeai-images status --json | jq .store.images
      """)

  @Flag(help: "One JSON object, for programs.")
  var json = false

  @OptionGroup(title: "Store") var store: StoreOptions

  func run() throws {
    let settings = try Settings(store)
    guard let status = try PoolStatus.read(storeName: settings.imageStoreName, scripts: ScriptCoverage.all(font: settings.font)) else {
      throw CommandFailure("no store named \(settings.imageStoreName.debugDescription): is anything running?")
    }
    try StandardOutput.write(line: json ? status.json.indented : status.table)
  }
}
