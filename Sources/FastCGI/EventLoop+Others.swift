import Glibc
import SystemCalls
import SystemPackage

/// nginx sends a request to the worker that has the connection, however busy that worker is. If the renderer of this worker stalls while
/// another's is idle, this worker therefore passes on the requests for its renderer: it answers nginx with a redirect, on which nginx sends
/// the request again over a new connection, and it accepts no connections itself meanwhile. The decision comes first, before anything is
/// counted or taken. A request is passed on only once: nginx marks the requests that it can redirect (``redirectElsewhere``), and does not
/// mark one that it sends again.
extension EventLoop {
  /// Interval at which the decision is reviewed.
  private static let interval = Duration.milliseconds(50)

  /// The reply to a request: from the handler, or a redirect to another worker.
  func handler(_ request: Request) -> Reply { redirect(for: request).map { .now($0) } ?? respond(request) }

  /// The redirect for a request; nil if this worker answers it.
  ///
  /// - Parameter request: with or without its body.
  func redirect(for request: Request) -> Response? {
    guard renderer.isStalling, let response = redirectElsewhere(request), isPassingOn || considerOthers() else { return nil }
    return response
  }

  /// Starts watching for stalls. Called when the renderer gets a job.
  func watchRenderer() {
    guard !isWatchingRenderer else { return }
    isWatchingRenderer = true
    after(Self.interval) { [unowned self] in lookAtRenderer() }
  }

  /// Decides anew, and keeps watching as long as the renderer has a job.
  private func lookAtRenderer() {
    isWatchingRenderer = false
    considerOthers()
    if renderer.stallBegan != nil { watchRenderer() }
  }

  /// Decides whether other workers take the requests that arrive now.
  @discardableResult private func considerOthers() -> Bool {
    let wasPassingOn = isPassingOn
    // If no worker has accepted a waiting connection since the last check, the others cannot, even if they look idle.
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
  /// Whether a new job would wait longer here than on another worker.
  fileprivate var isStalling: Bool { stallBegan.map { .now - $0 >= RendererQueue.patience } ?? false }
}
