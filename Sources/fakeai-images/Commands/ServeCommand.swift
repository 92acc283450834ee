import ArgumentParser
import ImageGeneration
import Limits
import Logging
import Simulation
import SystemPackage

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the API with nginx and a pool of workers, in the foreground.",
    discussion: """
      Prints the address when the server is ready. SIGTERM or Ctrl-C stops it: requests in flight may finish for the drain time, usually \
      7 s (a second signal does not wait), and nothing is left behind but the images in shared memory, until they expire. SIGHUP replaces \
      the workers one by one without losing a request. A process that dies is restarted.

        fakeai-images serve --port 8080 --image-store-size 1G
        FAKEAI_WORKERS=4 fakeai-images serve --host ::
        fakeai-images serve --tls
      """)

  @OptionGroup(title: "Network") var listening: ListeningOptions
  @OptionGroup(title: "Images") var images: ImageOptions
  @OptionGroup(title: "Latency and faults") var staging: StagingOptions
  @OptionGroup(title: "Store") var store: StoreOptions
  @OptionGroup(title: "Files, responses and batches") var objects: ObjectOptions
  @OptionGroup(title: "Redis") var redis: RedisAccessOptions
  @OptionGroup(title: "Several hosts") var host: HostOptions
  @OptionGroup(title: "API keys, rate limits and journal") var limits: LimitOptions
  @OptionGroup(title: "Drawing") var drawing: DrawingOptions

  func run() throws {
    var settings = try Settings(listening, images, staging, store, objects, redis, host, limits, drawing)
    // An error is reported here once rather than by every worker.
    _ = try Keyring(settings: settings)
    if let problem = try RuleDocument(settings: settings).problem(withFilesOf: settings) { throw CommandFailure.usage(problem) }
    if let problem = settings.templateProblem { throw CommandFailure.usage(problem) }
    let fontWarning = try ImageRenderer(settings: settings).fontWarning
    settings.imageStorePath = try settings.checkedDiskDirectory()?.string
    try settings.checkedRedisURL()
    let fit = try StoreFit(settings, joining: StoreInUse(settings))
    settings.imageStoreSize = fit.size
    let site = try SiteDirectory.find(given: settings.nginxDirectory)
    var pool = try Pool(settings: settings, site: site)
    if let fontWarning { pool.logger.warning("\(fontWarning)") }
    if let notice = fit.notice { pool.logger.notice("\(notice)") }
    try pool.run()
  }
}
