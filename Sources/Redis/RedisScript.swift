/// A Lua script, which the server runs as a whole. It is sent by its hash, and by its text to a server that does not know it yet.
package struct RedisScript: Sendable {
  package let text: String
  /// 40 hexadecimal digits.
  package let hash: String

  package init(_ text: String) {
    self.text = text
    hash = SHA1.hexadecimal(of: Array(text.utf8))
  }

  func command(
    _ name: String, _ script: String, _ keys: [String], _ arguments: [RedisArgument], isIdempotent: Bool,
    lane: RedisCommand.Lane?
  ) -> RedisCommand {
    let all = [RedisArgument(script), RedisArgument(keys.count)] + keys.map { RedisArgument($0) } + arguments
    return RedisCommand(name, all, key: keys.first, isIdempotent: isIdempotent, lane: lane)
  }
}
