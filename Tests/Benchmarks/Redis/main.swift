import Glibc
import Redis
import RedisTesting
import Synchronization

// Compares this client with redis-benchmark: SET and GET of images of two sizes, one at a time and eight at a time, in turns.

let server = try StandaloneServer()
let client = try server.client(RedisOptions(timeout: .seconds(10)))
let commands = 6000

/// Commands each second of this client, with so many on their way.
func own(_ command: RedisCommand, depth: Int) -> Double {
  let start = ContinuousClock.now
  let run = Run(client, command, commands)
  run.begin(depth)
  return Double(commands) / (start.duration(to: .now) / .seconds(1))
}

/// The same of redis-benchmark, on one connection.
func peer(_ name: String, _ bytes: Int, depth: Int) -> Double {
  let output = Tool.text(
    of: "/usr/bin/redis-benchmark",
    ["-p", "\(server.port)", "-c", "1", "-n", "\(commands)", "-d", "\(bytes)", "-P", "\(depth)", "-t", name, "--csv"])
  return output.split(separator: "\n").last.flatMap { Double($0.split(separator: ",")[1].filter { $0 != "\"" }) } ?? .nan
}

print("command  bytes   depth  this client/s  redis-benchmark/s  ratio")
for bytes in [60_000, 145_000] {
  let value = RedisArgument([UInt8](repeating: 120, count: bytes))
  let set = RedisCommand("SET", ["key:__rand_int__", value], isIdempotent: true)
  let get = RedisCommand("GET", ["key:__rand_int__"], isIdempotent: true, lane: .large)
  for (name, command) in [("set", set), ("get", get)] {
    for depth in [1, 8] {
      // In turns, because the machine is not always the same.
      var (ours, theirs) = ([Double](), [Double]())
      for _ in 0..<3 {
        ours.append(own(command, depth: depth))
        theirs.append(peer(name, bytes, depth: depth))
      }
      let (one, other) = (ours.sorted()[1], theirs.sorted()[1])
      func column(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
      let ratio = Double(Int(one / other * 100)) / 100
      print(
        name.uppercased(), column("\(bytes)", 12), column("\(depth)", 7), column("\(Int(one))", 14), column("\(Int(other))", 18),
        column("\(ratio)", 6))
    }
  }
}

/// So many executions of a command, each begun when an earlier one has its reply.
final class Run: Sendable {
  private let client: RedisClient
  private let command: RedisCommand
  private let left: Mutex<(begin: Int, end: Int)>

  init(_ client: RedisClient, _ command: RedisCommand, _ count: Int) {
    (self.client, self.command) = (client, command)
    left = Mutex((count, count))
  }

  func begin(_ depth: Int) {
    for _ in 0..<depth { next() }
    while left.withLock({ $0.end > 0 }) { usleep(200) }
  }

  private func next() {
    let begins = left.withLock { left in
      left.begin -= 1
      return left.begin >= 0
    }
    guard begins else { return }
    client.send(command) { [self] result in
      if case .failure(let error) = result { fatalError("\(error)") }
      left.withLock { $0.end -= 1 }
      next()
    }
  }
}
