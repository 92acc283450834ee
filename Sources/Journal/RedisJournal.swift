package import Answers
package import Redis
import Synchronization
import SystemCalls

// The journal of all hosts in Redis. Both keys are in one slot:
//
//   <prefix>{journal}:next       how many requests were ever recorded
//   <prefix>{journal}:entries    stream; ID <sequence + 1>-0 (0-0 is no ID), fields `text` and `facts` (see `JournalFacts`)
//
// One script counts and adds, so sequence numbers have no gaps, and their order is that of the stream. The stream may be somewhat longer than
// the journal: older entries are not shown.

/// The journal of requests that all workers of all hosts share.
///
/// A request that was recorded may be missing for a moment when its client already has the response: nobody waits for the journal.
package final class RedisJournal: RequestLog {
  let client: RedisClient
  let keys: (entries: String, next: String)
  let size: Int
  /// The newest entries, read once for all clients of this worker that wait.
  let tail: JournalTail
  /// Since when the tail has not been read; nil while it is being read.
  let tailRead: Mutex<Instant?>
  /// Number of entries that Redis has not acknowledged.
  private let unacknowledged = Atomic(0)

  /// Entries that may be waiting for Redis; more are dropped. At 2,000 requests per second, half a second's worth.
  package static let mostUnacknowledged = 1000

  /// No shared memory is in use.
  package let isRemoved = false

  /// - Parameters:
  ///   - prefix: of the names of all keys.
  ///   - size: the number of latest requests to keep, up to ``Journal/largestSize``; the same on all hosts.
  package init(_ client: RedisClient, prefix: String, size: Int) {
    (self.client, self.size) = (client, size)
    keys = ("\(prefix){journal}:entries", "\(prefix){journal}:next")
    tail = JournalTail(from: 0)
    tailRead = Mutex(.now - .seconds(1))
  }

  package func add(_ text: String, facts: JournalFacts) -> Answer<Void, JournalError> {
    guard text.utf8.count <= Journal.longestEntry, unacknowledged.load(ordering: .relaxed) < Self.mostUnacknowledged else {
      return .ready(.failure(.dropped))
    }
    unacknowledged.add(1, ordering: .relaxed)
    let terms = [RedisArgument(size), RedisArgument(text), RedisArgument(facts.bytes)]
    return .pending { [self] receive in
      client.run(Self.addition, keys: [keys.entries, keys.next], terms) { [self] result in
        unacknowledged.subtract(1, ordering: .relaxed)
        receive(result.map { _ in }.mapError { .unavailable("\($0)") })
      }
    }
  }

  package func remove(_ wanted: [JournalField: String]) -> Answer<Int, JournalError> {
    guard !wanted.isEmpty else {
      return .pending { [self] receive in
        client.run(Self.removal, keys: [keys.entries], isIdempotent: true) { [self] result in
          tail.remove { _ in true }
          receive(result.map { Int($0.integer ?? 0) }.mapError { .unavailable("\($0)") })
        }
      }
    }
    let filter = JournalFilter(wanted)
    return .pending { [self] receive in remove(filter, from: 0, removed: 0, receive) }
  }

  /// Removes the matching entries of one batch after another.
  private func remove(_ filter: JournalFilter, from start: UInt64, removed: Int, _ receive: @escaping Answer<Int, JournalError>.Receiver) {
    client.send(range(from: start)) { [self] result in
      do throws(JournalError) {
        let entries = try Self.entries(result)
        guard let last = entries.last else { return receive(.success(removed)) }
        let ids = entries.filter { JournalFacts.match($0.facts.span, filter) }.map { RedisArgument(Self.id($0.sequence)) }
        guard !ids.isEmpty else { return remove(filter, from: last.sequence + 1, removed: removed, receive) }
        client.send(RedisCommand("XDEL", [RedisArgument(keys.entries)] + ids, key: keys.entries, isIdempotent: true)) { [self] result in
          switch result {
          case .success(let reply):
            tail.remove { JournalFacts.match($0.facts.span, filter) }
            remove(filter, from: last.sequence + 1, removed: removed + Int(reply.integer ?? 0), receive)
          case .failure(let error): receive(.failure(.unavailable("\(error)")))
          }
        }
      } catch {
        receive(.failure(error))
      }
    }
  }

  /// KEYS: entries, next. ARGV: the size of the journal, the text, the facts.
  private static let addition = RedisScript(
    """
    local number = redis.call('INCR', KEYS[2])
    if number == 1 then
      local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
      if last then
        number = tonumber(string.match(last[1], '^%d+')) + 1
        redis.call('SET', KEYS[2], string.format('%.0f', number))
      end
    end
    local id = string.format('%.0f', number) .. '-0'
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], id, 'text', ARGV[2], 'facts', ARGV[3])
    return number
    """)

  private static let removal = RedisScript(
    """
    local count = redis.call('XLEN', KEYS[1])
    redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)
    return count
    """)
}
