import SystemCalls

/// The rest of a response that has no end of its own: the loop asks for it at an interval, as long as the client stays.
///
/// All open streams of a loop are asked one after the other, at the same tick. A stream is asked only when the socket has taken all that it
/// gave before. So a stream costs a descriptor, a connection and at most one unsent piece, which streams can share, and no thread.
package struct OpenStream: Sendable {
  package enum News: Sendable {
    /// Nothing has happened since the stream was last asked.
    case none
    /// The next bytes of the body, of which there must be some. If there are more, the loop asks again as soon as these are sent.
    case bytes([UInt8], hasMore: Bool = false)
    /// The response ends here, and the connection with it.
    case end
  }

  let news: @Sendable () -> News
  let refusal: @Sendable () -> Response

  /// - Parameters:
  ///   - news: returns what is new. Called on the loop's thread, so it must be quick.
  ///   - refusal: returns the response to send instead if as many streams are open as there may be.
  package init(news: @escaping @Sendable () -> News, refusal: @escaping @Sendable () -> Response) {
    (self.news, self.refusal) = (news, refusal)
  }
}

/// What the loop keeps about an open stream.
struct StreamState {
  let source: OpenStream
  let request: RequestState
  /// Sends the current piece; nil if the client has taken everything.
  var writer: ResponseWriter?
  /// Whether the source has more than the current piece.
  var hasMore = false
  /// When the client last took a byte, or got a piece after it had taken everything.
  var lastProgress = Instant.now
}
