import ArgumentParser
import FoundationEssentials

struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Answer FastCGI requests on a socket that is already open.",
    discussion: """
      Runs one process of the pool. serve starts its workers itself; in production, systemd starts this command. The listening unix \
      socket is file descriptor 0, or the first one that systemd passes (LISTEN_FDS). SIGTERM lets requests in flight finish.

        systemd-socket-activate -l /run/fakeai-images/worker.sock fakeai-images worker
      """)

  @OptionGroup(title: "Images") var images: ImageOptions
  @OptionGroup(title: "Store") var store: StoreOptions
  @OptionGroup(title: "Files, responses and batches") var objects: ObjectOptions
  @OptionGroup(title: "Redis") var redis: RedisAccessOptions
  @OptionGroup(title: "Several hosts") var host: HostOptions
  @OptionGroup(title: "API keys, rate limits and journal") var limits: LimitOptions
  @OptionGroup(title: "Drawing") var drawing: DrawingOptions

  func run() throws {
    do {
      try Worker.run(Settings(images, store, objects, redis, host, limits, drawing))
    } catch {
      let failure = error as? CommandFailure ?? CommandFailure("\(error)")
      let isReported = Supervisor(environment: ProcessInfo.processInfo.environment).tell(failure: failure.line)
      throw isReported ? failure.reported : failure
    }
  }
}
