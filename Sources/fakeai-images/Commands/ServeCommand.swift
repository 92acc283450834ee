import ArgumentParser
import Limits
import Simulation
import SystemPackage

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the API: nginx and a pool of workers, in the foreground.",
    discussion: """
      Prints the address once it answers. SIGTERM or Ctrl-C lets requests in flight finish (for up to 10 s; a second one does not wait) \
      and leaves nothing behind; pictures stay in shared memory until they expire. SIGHUP replaces the workers one by one without \
      losing a request. What dies is restarted.

        fakeai-images serve --port 8080 --image-store-size 1G
        FAKEAI_WORKERS=4 fakeai-images serve --host 0.0.0.0
      """)

  @OptionGroup(title: "Where") var listening: ListeningOptions
  @OptionGroup(title: "Images") var images: ImageOptions
  @OptionGroup(title: "Slow and broken") var staging: StagingOptions
  @OptionGroup(title: "Store") var store: StoreOptions
  @OptionGroup(title: "Keys, limits and the journal") var limits: LimitOptions
  @OptionGroup(title: "Drawing") var drawing: DrawingOptions

  @Option(
    help: ArgumentHelp("Where nginx's site is. (default: searched for around the program)", valueName: "path"), completion: .directory)
  var nginxDirectory: String?

  @Option(help: ArgumentHelp("File for one line of JSON a request. (default: none is written)", valueName: "path"), completion: .file())
  var accessLog: String?

  func run() throws {
    let settings = try Settings(listening, images, staging, store, limits, drawing)
    // Told here once rather than by every worker.
    _ = try Keyring(settings: settings)
    _ = try RuleDocument(settings: settings)
    let site = try SiteDirectory.find(given: nginxDirectory)
    var pool = try Pool(settings: settings, site: site, accessLog: accessLog.map { FilePath($0) })
    try pool.run()
  }
}
