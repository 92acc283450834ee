/// A command, encoded as it is sent: `*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n`.
package struct RedisCommand: Sendable {
  /// Which of a node's connections a command uses, so that a large value does not hold up small commands, nor a blocking command any.
  package enum Lane: Sendable, Hashable, CaseIterable {
    /// Short commands with short replies.
    case small
    /// Values of 10 KB and more, in the command or in its reply.
    case large
    /// Commands that wait on purpose, such as `XREAD BLOCK`. They wait for one another. Send them with a timeout longer than their wait.
    case blocking
    /// Writes that replicas are to acknowledge.
    case durable
  }

  package var lane: Lane
  /// Whether the command may be repeated if its outcome is unknown: executed twice, it does what it does once.
  package var isIdempotent: Bool
  /// The key's slot in a Cluster; nil: any primary serves the command.
  package let slot: UInt16?
  /// Consecutive pieces of the command. A large argument is a piece of its own, which is sent from where it is.
  let pieces: [[UInt8]]
  package let byteCount: Int

  /// Arguments of more bytes are not copied.
  static let mostCopied = 4096

  /// - Parameters:
  ///   - key: the command's first key, which chooses the node of a Cluster. All keys of a command must be in one slot, see ``RedisSlot``.
  ///   - arguments: everything that follows the name, keys included.
  ///   - lane: nil: large for a command of 10 KB and more.
  package init(
    _ name: String, _ arguments: [RedisArgument], key: String? = nil, isIdempotent: Bool = false, lane: Lane? = nil
  ) {
    var encoder = Encoder()
    encoder.beginArray(of: 1 + arguments.count)
    encoder.append([Array(name.utf8)])
    for argument in arguments { encoder.append(argument.pieces) }
    pieces = encoder.finish()
    byteCount = pieces.reduce(0) { $0 + $1.count }
    slot = key.map { RedisSlot.of($0) }
    self.isIdempotent = isIdempotent
    self.lane = lane ?? (byteCount >= 10_000 ? .large : .small)
  }
}

private struct Encoder {
  private var pieces: [[UInt8]] = []
  private var current: [UInt8] = []

  mutating func beginArray(of count: Int) { appendLine(UInt8(ascii: "*"), count) }

  mutating func append(_ argument: [[UInt8]]) {
    appendLine(UInt8(ascii: "$"), argument.reduce(0) { $0 + $1.count })
    for piece in argument {
      if piece.count > RedisCommand.mostCopied {
        pieces += [current, piece]
        current = []
      } else {
        current += piece
      }
    }
    current += [13, 10]
  }

  consuming func finish() -> [[UInt8]] { pieces + [current] }

  private mutating func appendLine(_ type: UInt8, _ count: Int) {
    current.append(type)
    current += String(count).utf8
    current += [13, 10]
  }
}
