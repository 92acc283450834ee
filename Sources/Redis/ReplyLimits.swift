/// The bounds of a reply.
struct ReplyLimits {
  /// Bytes of all strings and array elements.
  var replyBytes = 64 << 20
  /// Bytes of a line with its end: a status, an error or a number.
  var lineBytes = 16 << 10
  /// Arrays inside one another.
  var depth = 16
}

/// Something that is not RESP2, or is larger than a reply may be.
struct ProtocolError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = "the server sent \(description)" }
}
