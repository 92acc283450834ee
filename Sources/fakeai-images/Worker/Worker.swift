import CPOSIX
import Drawing
import FastCGI
import FoundationEssentials
import Glibc
import ImageGeneration
import ImageStore
import OpenAIAPI
import Journal
import Limits
import Logging
import Metrics
import ObjectStore
import SharedMemory
import Simulation
import SystemCalls
import SystemPackage

/// One worker of the pool. It opens the store, takes its row on the scoreboard and serves until it is told to stop.
enum Worker {
  static func run(_ settings: Settings, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    returnLargeBlocks()
    interruptNobody()
    let number = environment[WorkerNumber.variable].flatMap { Int($0) } ?? 0
    let logger = Logger(label: "fakeai-images worker \(number)", level: settings.logLevel)
    let listener = try InheritedSocket.find(environment: environment)
    let pool = PoolMemory(store: settings.imageStoreName, identity: InheritedSocket.identity(of: listener))
    let supervisor = Supervisor(environment: environment)
    var (service, redis) = try service(settings, number: number, pool: pool, supervisor, logger)
    let loop = try orFail("cannot serve") { () throws(Errno) in
      try EventLoop(
        listener: listener, limits: limits(settings), overloaded: APIService.overloaded, cutShort: APIService.cutShort,
        handler: service.reply)
    }
    try orFail("cannot sweep the store") { () throws(Errno) in try Sweeper(of: service, every: sweepInterval(settings)).start() }
    try orFail("cannot perform batches") { () throws(Errno) in try BatchRunner(of: service).start() }
    loop.prepareRenderer = fillHeap
    loop.redirectElsewhere = service.redirectElsewhere
    loop.othersAreIdle = { service.hasIdlePeer }
    loop.showStall = service.show(stallSince:)
    loop.onLeave = service.leave
    // If this fails, everything still works, but slower.
    try? detachThread { FontStack.readAhead() }
    // `serve` needs to hear only once what all of its workers have in common.
    var healthLog = supervisor.isReporter && number != 1 ? nil : StoreHealthLog(to: logger)
    loop.every(.seconds(1)) {
      healthLog?.note(service.storeHealth)
      service.show(inFlight: loop.inFlight, deferred: loop.deferred, streams: loop.openStreams)
      redis?.publish(by: service)
      if loop.isDraining { service.enter(.draining) }
      guard service.hasLostSharedMemory else { return }
      logger.error("shared memory was removed or damaged; stopping, so that a new worker creates it again")
      loop.stop()
    }
    service.show(pool: InheritedSocket.identity(of: listener))
    redis?.publish(by: service)
    service.enter(.serving)
    report(loop, service, to: supervisor)
    logger.debug("serving")
    try orFail("cannot serve") { () throws(Errno) in try loop.run() }
    service.enter(.left)
    logger.debug("stopped")
  }

  /// Makes free() return large blocks (uploads and their pixels) to the system at once. By default glibc raises its threshold with each freed
  /// block and keeps smaller ones: a worker that has decoded large uploads would keep that memory, in fragments.
  private static func returnLargeBlocks() {
    mallopt(M_MMAP_THRESHOLD, 4 << 20)
    // The value that glibc would reach after a few images; without it, glibc would return memory to the system between images.
    mallopt(M_TRIM_THRESHOLD, 32 << 20)
  }

  /// Fills the heap of the calling thread with resident memory, as much as a large image with many letters takes. Faulting it in page by page
  /// while a request waits would take a third of the total time, and several times as much on a machine whose host is short of memory.
  @Sendable private static func fillHeap() {
    // Each is smaller than the blocks that are returned at once.
    let blocks = (0..<4).map { _ in [UInt8](repeating: 0, count: 2 << 20) }
    withExtendedLifetime(blocks) {}
  }

  /// Keeps this process from preempting others when a request arrives, so that it finds several requests when it runs, instead of switching
  /// between nginx and a worker for each. If the kernel refuses, only speed suffers.
  private static func interruptNobody() {
    var none = sched_param()
    unsafe sched_setscheduler(0, SCHED_BATCH, &none)
  }

  private static func report(_ loop: EventLoop, _ service: APIService, to supervisor: Supervisor) {
    loop.onStop = { supervisor.tell(.stopping, patience: loop.limits.drainTime + .seconds(5)) }
    if let interval = supervisor.watchdogInterval {
      var drawn = service.imagesDrawn
      // From a timer of the loop, so that a loop that hangs sends nothing.
      loop.every(interval) {
        let before = drawn
        drawn = service.imagesDrawn
        if loop.rendererHasMoved() || drawn != before { supervisor.tell(.alive) }
      }
    }
    supervisor.tell(.ready)
  }

  private static func service(
    _ settings: Settings, number: Int, pool: PoolMemory, _ supervisor: Supervisor, _ logger: Logger
  ) throws(CommandFailure) -> (APIService, RedisReport?) {
    let renderer = try ImageRenderer(settings: settings)
    let keyring = try Keyring(settings: settings)
    let rules = settings.rules == nil ? nil : try RuleDocument(settings: settings)
    _ = try settings.checkedDiskDirectory()
    if let warning = renderer.fontWarning, !supervisor.isReporter { logger.warning("\(warning)") }
    // No reason to stop: a request that needs the file tells of it.
    for problem in [rules?.problem(withFilesOf: settings), settings.templateProblem].compactMap(\.self) { logger.warning("\(problem)") }
    do {
      try discardDamage(settings, pool, logger)
      try discardOtherSize(settings, logger)
      pool.takeOver(journalSize: settings.journalSize)
      let shared = try SharedState(settings, pool: pool, keyring: keyring, file: rules)
      let scoreboard = try Scoreboard(name: settings.imageStoreName, worker: number, routes: APIService.routeNames)
      let host = shared.redis == nil ? "" : "\(settings.hostNameInUse)/"
      let service = APIService(
        generator: ImageGenerator(renderer: renderer, store: shared.store), objects: shared.objects, scoreboard: scoreboard,
        limiter: shared.limits, rules: shared.rules, journal: shared.journal,
        configuration: APIService.Configuration(
          drawsImages: settings.generatesActualImages, publicURL: settings.publicURL, urlSigner: shared.urlSigner,
          workerName: "\(host)\(number)-\(getpid())", keyring: keyring, profile: settings.profile, responseFormat: settings.responseFormat,
          latency: settings.latency, readsPromptDirectives: settings.readsPromptDirectives,
          trustedHosts: TrustedHosts(settings.trustedHosts, machine: MachineNames.all), batchTime: settings.batchTime,
          webhookHosts: WebhookHosts(settings.webhookHosts.map { ($0.bytes, $0.prefix) }),
          inventsUnknownIDs: settings.unknownIDs == .invent, pictures: settings.pictureLibrary,
          templates: settings.templateLibrary, template: settings.templateInUse),
        logger: logger)
      return (service, shared.redis.map { RedisReport(on: $0) })
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  /// Removes damaged segments, so that they are created again.
  private static func discardDamage(_ settings: Settings, _ pool: PoolMemory, _ logger: Logger) throws(SegmentError) {
    let store = settings.imageStoreName
    let names = [
      SharedMemoryStore.segmentName(store), DiskStore.segmentName(store), Scoreboard.segmentName(store), RateLimiter.segmentName(store),
      SharedKey.segmentName(store), DirectoryObjectStore.segmentName(store),
      pool.rules, pool.journal(size: settings.journalSize),
    ]
    for name in names {
      guard let damage = try Segment.removeIfDamaged(name) else { continue }
      logger.error("shared memory \(name) was damaged and is created again: \(damage)")
    }
  }

  /// Removes a store that was created with another size, unless a process uses it.
  private static func discardOtherSize(_ settings: Settings, _ logger: Logger) throws(SegmentError) {
    let (name, size) = (settings.imageStoreName, settings.storeSize)
    guard settings.imageStorageBackend != .disk else { return }
    guard let found = try SharedMemoryStore.removeUnused(name, unlessSize: size) else { return }
    logger.notice("the store \(name) had \(found) bytes and was not in use; it is created again with \(size), without its images")
  }

  /// Every five minutes, as in the Python module that this project grew from; more often if images expire sooner.
  private static func sweepInterval(_ settings: Settings) -> Duration {
    max(.seconds(1), min(.seconds(300), settings.imageRetention))
  }

  /// As many connections as the process may have descriptors, minus some for files. Raises the limit of descriptors as far as it may.
  private static func limits(_ settings: Settings) -> EventLoopLimits {
    var descriptors = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptors)
    descriptors.rlim_cur = min(descriptors.rlim_max, 65536)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptors)
    var limits = EventLoopLimits()
    limits.drainTime = settings.replacementDrainTime
    limits.closingTime = settings.stopDrainTime
    limits.connections = min(limits.connections, max(16, Int(descriptors.rlim_cur) - 64))
    limits.streams = min(limits.streams, limits.connections / 2)
    return limits
  }
}

extension ImageRenderer {
  /// The renderer with the font and the timestamp in the settings.
  convenience init(settings: Settings) throws(CommandFailure) {
    do {
      try self.init(font: settings.font, timestamp: settings.imageTimestamp)
    } catch {
      throw .usage("FAKEAI_FONT: \(error)")
    }
  }

  /// What to tell about a missing font, in one line; nil if there is one.
  var fontWarning: String? {
    hasFont
      ? nil : "no font was found: prompts are drawn in a built-in alphabet of printable ASCII; install fonts-open-sans or set FAKEAI_FONT"
  }
}
