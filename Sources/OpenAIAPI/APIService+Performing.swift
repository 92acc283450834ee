package import FastCGI

extension APIService {
  /// Performs a request that the server makes for a client, on the calling thread, which may block. Faults, rules, metrics and the journal apply
  /// as to any other request, but it takes no units of rate limits.
  ///
  /// - Parameter isTimed: whether to wait for the simulated latency.
  /// - Returns: the whole response. A stream is refused, because nobody would read its events.
  package func perform(_ request: Request, isTimed: Bool = false) -> Response {
    var request = request
    request.isInternal = true
    var response = reply(to: request).perform(isTimed: isTimed)
    if !response.isLastPart { return APIError.streamWithoutClient.response }
    // There is no connection that could end early.
    if case .truncated(let count) = response.delivery { response.body.removeLast(max(0, response.body.count - count)) }
    response.delivery = .whole
    return response
  }
}

extension APIError {
  /// [U]
  static let streamWithoutClient = APIError(
    400, "Streaming is not supported in a batch. Set 'stream' to false or leave it out.", param: "stream", code: "invalid_value")
}
