import FoundationEssentials
import Glibc
import Logging
import SharedMemory
import SystemCalls
import SystemPackage

/// nginx and the workers behind it, which one process with one thread starts, keeps running, rolls over and stops.
///
/// ```
/// clients ─▶ front (TCP) ─▶ nginx ─▶ back (unix socket, 0600) ─▶ worker 1 … worker N
/// ```
///
/// Both sockets are opened here and inherited. So a port that is in use is detected before anything runs, port 0 needs no guessing, and while
/// nginx or a worker is restarted, clients wait in the kernel's queue instead of being refused.
///
/// Everything is a reaction to a signal read from a descriptor, a worker's message, or a deadline. ``turn(until:)`` waits for the next of
/// them; the rest is written in the order in which it happens. If this process is killed, the kernel sends SIGTERM to all its processes.
struct Pool: ~Copyable {
  /// One for each address.
  let urls: [String]
  /// Lines about how to trust this server, if that needs any.
  let advice: String?
  let logger: Logger
  let signals: SignalDescriptor
  let sockets: PoolSockets
  let workerLaunch: ProcessLaunch
  /// How long a worker that is being replaced may take to finish its requests.
  let drainTime: Duration
  /// How long requests may take when the whole pool stops.
  let stopDrainTime: Duration
  /// How long the pool serves on when it is told to stop, and only says that it will.
  let stopDelay: Duration
  /// How long a worker may be silent before it is ended.
  let patience: Duration
  /// The shared memory that belongs to the pool rather than to its store.
  let memory: PoolMemory
  /// nginx, then the workers; while a worker is being replaced, there is one more.
  var processes: [SupervisedProcess]
  /// How often the pool was told to stop. The first time it drains; the second time it does not wait.
  var stopRequests = 0
  /// Whether the workers say that they will stop.
  var isLeaving = false
  /// The clients that connect after nginx has stopped accepting; nil until then.
  var lateClients: LateClients?
  var rolloverRequested = false
  /// Whether a worker has ever answered; until then there are no requests to reject.
  var hasAnswered = false
  /// Whether this process rejects requests because there are no workers.
  var isRefusing = false
  let startedAtTerminal = isatty(STDIN_FILENO) == 1

  /// Opens the sockets and writes nginx's configuration; starts nothing.
  init(settings: Settings, site: SiteDirectory) throws(CommandFailure) {
    let environment = ProcessInfo.processInfo.environment
    let nginx = try Executable.nginx(environment: environment)
    // The reader of our output may exit; that must not end this process before it has cleaned up.
    signal(SIGPIPE, SIG_IGN)
    // First, because a signal must not leave the temporary directory behind.
    let signals = try orFail("cannot wait for signals") { () throws(Errno) in try SignalDescriptor([SIGTERM, SIGINT, SIGHUP, SIGCHLD]) }
    let sockets = try PoolSockets(hosts: settings.hosts, port: settings.port)
    let security = try TransportSecurity(settings, in: sockets.directory)
    let configuration = NginxConfiguration(
      directory: sockets.directory.path, site: site, listen: sockets.front.places, socket: PoolSockets.backName,
      accessLog: settings.accessLog.map { FilePath($0) }, certificate: security?.files,
      drainTime: settings.stopDrainTime + Self.farewell, insiders: settings.insiders)
    let file = try configuration.write(to: sockets.directory)

    let scheme = security == nil ? "http" : "https"
    urls = sockets.front.places.map { "\(scheme)://\($0)" }
    advice = security?.advice(for: "\(scheme)://\(sockets.front.reachablePlace)")
    logger = Logger(label: "fakeai-images", level: settings.logLevel)
    drainTime = settings.replacementDrainTime
    stopDrainTime = settings.stopDrainTime
    stopDelay = settings.stopDelay
    patience = Self.patience(environment)
    workerLaunch = Self.workerLaunch(settings, sockets, patience, environment)
    memory = PoolMemory(store: settings.imageStoreName, identity: InheritedSocket.identity(of: sockets.back.descriptor.rawValue))
    let nginxLaunch = configuration.launch(of: nginx, file: file, environment: environment, listening: sockets.front.descriptors)
    processes = [SupervisedProcess(.nginx, launch: nginxLaunch)]
    self.signals = signals
    self.sockets = sockets
    for number in 1...settings.workers { processes.append(worker(number: number)) }
  }

  /// Serves until it is told to stop.
  ///
  /// - Throws: if it never became ready.
  mutating func run() throws(CommandFailure) {
    do {
      try awaitFirstAnswer()
    } catch {
      stop()
      throw error
    }
    hasAnswered = true
    guard stopRequests == 0 else { return stop() }
    let lines = ["Serving on \(urls.joined(separator: " and "))", advice].compactMap { $0 }
    try? StandardOutput.write(line: lines.joined(separator: "\n"))
    while stopRequests == 0 {
      turn(until: nil)
      if rolloverRequested { rollOver() }
    }
    announceStop()
    stop()
  }

  /// Every setting reaches a worker as an environment variable with the current value. Those that only `serve` uses are left out, because a
  /// file that is gone by then must not keep a worker from starting.
  private static func workerLaunch(
    _ settings: Settings, _ sockets: borrowing PoolSockets, _ patience: Duration, _ inherited: [String: String]
  ) -> ProcessLaunch {
    var settings = settings
    (settings.accessLog, settings.nginxDirectory, settings.stopDelay) = (nil, nil, .zero)
    (settings.tls, settings.tlsCertificate, settings.tlsKey, settings.tlsDirectory) = (false, nil, nil, nil)
    var environment = settings.environment(inheriting: inherited)
    environment[Supervisor.watchedVariable] = nil
    environment[Supervisor.patienceVariable] = "\(Int64(patience / .microseconds(1)))"
    environment[NotificationSocket.variable] = sockets.notifications.path.string
    environment[Supervisor.reasonVariable] = "1"
    return ProcessLaunch(
      path: Executable.own, arguments: ["worker"], environment: environment, descriptors: [sockets.back.descriptor.rawValue],
      firstNumber: STDIN_FILENO)
  }

  func worker(number: Int) -> SupervisedProcess {
    var launch = workerLaunch
    launch.environment[WorkerNumber.variable] = String(number)
    return SupervisedProcess(.worker(number: number), launch: launch, watchdog: Watchdog(patience: patience))
  }
}

extension Logger {
  init(label: String, level: Logger.Level) {
    self.init(label: label)
    logLevel = level
  }
}
