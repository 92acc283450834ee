/// How long a client waits, and how much it holds.
package struct RedisOptions: Sendable {
  /// How long a command may take from ``RedisClient/send(_:timeout:receive:)`` to its reply, with all retries, redirects and reconnections.
  package var timeout: Duration
  /// Commands that wait for one connection, and their bytes. One more is refused at once.
  package var queueCount: Int
  package var queueBytes: Int

  package init(timeout: Duration = .seconds(1), queueCount: Int = 10_000, queueBytes: Int = 64 << 20) {
    (self.timeout, self.queueCount, self.queueBytes) = (timeout, queueCount, queueBytes)
  }

  /// How long it may take to connect, and again to ask the server whether it is ready.
  var patience: Duration { max(.milliseconds(500), timeout / 2) }

  /// A command is not sent if less than this is left of its time: nobody would wait for the reply.
  var leastLeft: Duration { min(.milliseconds(20), timeout / 10) }

  /// A connection is given up if a command times out on it that was sent at least this long ago, and no byte has come since.
  var silence: Duration { min(.milliseconds(400), timeout * 2 / 5) }
}

/// Whether a client can use its servers.
package enum RedisState: Sendable, Equatable {
  case ready
  /// For now; the client keeps trying. The reason has no password in it.
  case unavailable(String)
}
