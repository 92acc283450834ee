import ArgumentParser
import Drawing
import ImageGeneration
import JSON

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the store, the workers and which scripts have fonts.",
    discussion: """
      Reads shared memory without slowing the workers. It must run as the same user; no server has to be running.

        fakeai-images status
        fakeai-images status --json | jq .store.images
      """)

  @Flag(help: "Print one JSON object, for programs.")
  var json = false

  @OptionGroup(title: "Store") var store: StoreOptions

  func run() throws {
    let settings = try Settings(store)
    guard let status = try PoolStatus.read(storeName: settings.imageStoreName, scripts: ScriptCoverage.all(font: settings.font)) else {
      throw CommandFailure("there is no store named \(settings.imageStoreName.debugDescription): is a server running?")
    }
    try StandardOutput.write(line: json ? status.json.indented : status.table)
  }
}
