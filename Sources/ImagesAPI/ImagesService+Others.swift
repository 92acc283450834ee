package import FastCGI
import Metrics

extension ImagesService {
  /// What has nginx send a request for images to another worker: the location that it named for that. nil for all other requests, which no
  /// renderer keeps waiting, and where it named none: because it has passed on the request before, or its site is from before that existed.
  ///
  /// It is no answer to a client: it is not counted, nor kept in the journal.
  package func passedOn(_ request: Request) -> Response? {
    guard request.method == "POST", Self.isAPI(request.path), let location = request.variables[Self.elsewhere], !location.isEmpty else {
      return nil
    }
    return Response(headers: [("X-Accel-Redirect", location)])
  }

  /// The CGI variable in which nginx names that location. Headers of a client are called HTTP_….
  private static let elsewhere = "FAKEAI_ELSEWHERE"

  /// Whether another worker of the pool could draw at once.
  package var hasIdlePeer: Bool { scoreboard.hasPeer(stallingAtMost: .milliseconds(100)) }
}
