import ArgumentParser
import Drawing
import ImageGeneration
import ImageStore
import JSON

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the store, the workers and which scripts have fonts.",
    discussion: """
      Reads shared memory without slowing the workers, and asks Redis, if its URL is set, which hosts there are. It must run as the same \
      user, and on the same machine or in the same container. No server has to be running, as long as there is a store. If there is none, \
      it exits with 1, and --json prints an object with the member error.

        fakeai-images status
        fakeai-images status --json | jq .store.images
      """)

  @Flag(help: "Print one JSON object, for programs.")
  var json = false

  @OptionGroup(title: "Store") var store: StoreOptions
  @OptionGroup(title: "Redis") var redis: RedisAccessOptions

  func run() throws {
    let settings = try Settings(store, redis)
    let (name, scripts) = (settings.imageStoreName, ScriptCoverage.all(font: settings.font))
    do throws(any Error) {
      guard var status = try PoolStatus.read(storeName: name, scripts: scripts) else {
        throw MissingStore(name: name, others: SharedMemoryStore.names())
      }
      status.hosts = RedisHosts(settings)
      if status.hosts != nil, status.backend == .memory { status.backend = .redis }
      try StandardOutput.write(line: json ? status.json.indented : status.table)
    } catch {
      // For a program that reads standard output, which must not be empty.
      if json { try StandardOutput.write(line: Self.json(of: error, name).indented) }
      throw error
    }
  }

  private static func json(of error: any Error, _ store: String) -> JSONText {
    let others = (error as? MissingStore)?.others ?? []
    return .object([
      (
        "error",
        .object([
          ("message", .string("\(error)")), ("store", .string(store)), ("other_stores", .array(others.map { .string($0) })),
        ])
      )
    ])
  }
}

/// There is no store of the given name.
struct MissingStore: Error, CustomStringConvertible {
  let name: String
  /// The names of those that there are.
  let others: [String]

  var description: String {
    "there is no store named \(name.debugDescription); start a server with fakeai-images serve, or name the store of a running one with "
      + "FAKEAI_IMAGE_STORE_NAME\(existing)"
  }

  private var existing: String {
    guard !others.isEmpty else { return "" }
    let more = others.count > Self.mostNamed ? " and \(others.count - Self.mostNamed) more" : ""
    return ", one of \(others.prefix(Self.mostNamed).joined(separator: ", "))\(more)"
  }

  private static let mostNamed = 8
}
