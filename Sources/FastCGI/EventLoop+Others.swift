import Glibc
import SystemPackage

/// Requests go to the worker on whose connection nginx sends them, whatever that worker has to do. One whose renderer stalls, where another's
/// is idle, therefore passes on what has come for the renderer: it answers nginx where to send the request again, on a new connection, and
/// accepts none itself meanwhile. This is decided before anything else is, so nothing has been counted or taken by then; and a request is
/// passed on once, for nginx says with which it knows what to do (``redirectElsewhere``), and no more when it sends one again.
extension EventLoop {
  /// How often to look whether it is still so.
  private static let interval = Duration.milliseconds(50)

  /// The answer to a request, or where it is to go.
  func handler(_ request: Request) -> Reply { redirect(for: request).map { .now($0) } ?? respond(request) }

  /// Where a request is to go; nil if this worker answers it.
  ///
  /// - Parameter request: with or without its body.
  func redirect(for request: Request) -> Response? {
    guard renderer.isStalling, let response = redirectElsewhere(request), isPassingOn || considerOthers() else { return nil }
    return response
  }

  /// Sees to it that a stall is noticed, now that the renderer has something to do.
  func watchRenderer() {
    guard !isWatchingRenderer else { return }
    isWatchingRenderer = true
    after(Self.interval) { [unowned self] in lookAtRenderer() }
  }

  /// Decides anew, and goes on looking for as long as the renderer has something to do.
  private func lookAtRenderer() {
    isWatchingRenderer = false
    considerOthers()
    if renderer.stallBegan != nil { watchRenderer() }
  }

  /// Decides whether others are to do what comes.
  @discardableResult private func considerOthers() -> Bool {
    let wasPassingOn = isPassingOn
    // What nobody has accepted since the last time shows that the others cannot, whatever they seem.
    let isIgnored = wasPassingOn && isConnectionWaiting
    if isIgnored, wasIgnored { mistrustsOthersUntil = .now + .seconds(1) }
    wasIgnored = isIgnored
    isPassingOn = renderer.isStalling && mistrustsOthersUntil < .now && othersAreIdle()
    if isPassingOn { stopListening() } else { resumeListening() }
    return isPassingOn
  }

  private var isConnectionWaiting: Bool {
    var watched = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&watched, 1, 0) > 0
  }
}

extension RendererThread {
  /// Whether what comes now would wait for longer than for another worker.
  fileprivate var isStalling: Bool { stallBegan.map { .now - $0 >= RendererQueue.patience } ?? false }
}
