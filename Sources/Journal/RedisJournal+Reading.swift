package import Answers
import Redis
import Synchronization
import SystemCalls

/// Reading entries, in batches, so that no reply is large and no filter takes Redis's time.
extension RedisJournal {
  /// Entries of a batch.
  private static let batch = 200
  /// How often the tail is read while clients wait.
  private static let interval = Duration.milliseconds(20)

  package func entries(_ wanted: JournalFilter, since: UInt64?, limit: Int) -> Answer<JournalPage, JournalError> {
    .pending { [self] receive in
      let first = RedisCommand("XRANGE", [RedisArgument(keys.entries), "-", "+", "COUNT", 1], key: keys.entries, isIdempotent: true)
      let next = RedisCommand("GET", [RedisArgument(keys.next)], key: keys.next, isIdempotent: true)
      client.send([next, first]) { [self] results in
        do throws(JournalError) {
          let next = UInt64(clamping: try Self.value(results[0]).integer ?? 0)
          let oldest = max(try Self.entries(results[1]).first?.sequence ?? next, next - min(next, UInt64(size)))
          if next < tail.next { tail.move(to: next) }
          let page = JournalPage(entries: [], oldest: oldest, next: next)
          let search = Search(wanted: wanted, limit: limit, receive: receive)
          if let since { readOn(max(since, oldest), search, page) } else { readBack(next, search, page) }
        } catch {
          receive(.failure(error))
        }
      }
    }
  }

  package func news(_ wanted: JournalFilter, since: UInt64, limit: Int) -> Answer<JournalPage, JournalError> {
    if since > tail.next { tail.move(to: since) }
    readTail()
    let isWanted = { (entry: JournalTail.Entry) in JournalFacts.match(entry.facts.span, wanted) }
    guard let (entries, next) = tail.entries(from: since, limit: limit + 1, where: isWanted) else {
      return self.entries(wanted, since: since, limit: limit)
    }
    return .ready(
      .success(
        JournalPage(
          entries: entries.prefix(limit).map(JournalPage.Entry.init), oldest: next - min(next, UInt64(size)),
          next: entries.count > limit ? entries[limit].sequence : next)))
  }

  /// Reads what is new, unless that was just done or is being done.
  private func readTail() {
    let isDue = tailRead.withLock { last in
      guard let time = last, time + Self.interval <= .now else { return false }
      last = nil
      return true
    }
    guard isDue else { return }
    let start = tail.next
    client.send(range(from: start)) { [self] result in
      // What cannot be read now is read the next time.
      if let entries = try? Self.entries(result) { tail.append(entries, readFrom: start) }
      tailRead.withLock { $0 = .now }
    }
  }

  // MARK: Pages

  private struct Search: Sendable {
    let wanted: JournalFilter
    let limit: Int
    let receive: Answer<JournalPage, JournalError>.Receiver

    func matches(_ entry: JournalTail.Entry) -> Bool { JournalFacts.match(entry.facts.span, wanted) }
  }

  /// Reads from a sequence number on until there is one match more than wanted.
  private func readOn(_ start: UInt64, _ search: Search, _ page: JournalPage) {
    client.send(range(from: start)) { [self] result in
      do throws(JournalError) {
        let entries = try Self.entries(result)
        var page = page
        for entry in entries where search.matches(entry) {
          guard page.entries.count < search.limit else {
            page.next = entry.sequence
            return search.receive(.success(page))
          }
          page.entries.append(JournalPage.Entry(entry))
        }
        guard let last = entries.last else { return search.receive(.success(page)) }
        page.next = max(page.next, last.sequence + 1)
        readOn(last.sequence + 1, search, page)
      } catch {
        search.receive(.failure(error))
      }
    }
  }

  /// Reads the last matches before a sequence number.
  private func readBack(_ end: UInt64, _ search: Search, _ page: JournalPage) {
    guard end > page.oldest, page.entries.count < search.limit else { return search.receive(.success(page)) }
    let (last, first) = (RedisArgument(Self.id(end - 1)), RedisArgument(Self.id(page.oldest)))
    let command = RedisCommand(
      "XREVRANGE", [RedisArgument(keys.entries), last, first, "COUNT", RedisArgument(Self.batch)], key: keys.entries, isIdempotent: true)
    client.send(command) { [self] result in
      do throws(JournalError) {
        let entries = try Self.entries(result)
        var page = page
        let matches = entries.lazy.filter(search.matches).prefix(search.limit - page.entries.count)
        page.entries.insert(contentsOf: matches.map(JournalPage.Entry.init).reversed(), at: 0)
        guard let last = entries.last else { return search.receive(.success(page)) }
        readBack(last.sequence, search, page)
      } catch {
        search.receive(.failure(error))
      }
    }
  }

  // MARK: Commands and replies

  /// Commands for the journal use one connection, in their order: a worker finds what it has recorded.
  func range(from start: UInt64) -> RedisCommand {
    RedisCommand(
      "XRANGE", [RedisArgument(keys.entries), RedisArgument(Self.id(start)), "+", "COUNT", RedisArgument(Self.batch)], key: keys.entries,
      isIdempotent: true)
  }

  static func id(_ sequence: UInt64) -> String { "\(sequence == .max ? .max : sequence + 1)-0" }

  static func entries(_ result: Result<RedisReply, RedisError>) throws(JournalError) -> [JournalTail.Entry] {
    (try value(result).array ?? []).compactMap { JournalTail.Entry($0) }
  }

  private static func value(_ result: Result<RedisReply, RedisError>) throws(JournalError) -> RedisReply {
    do throws(RedisError) { return try result.get() } catch { throw .unavailable("\(error)") }
  }
}

extension JournalTail.Entry {
  /// - Parameter reply: an ID, and names and values of fields.
  init?(_ reply: RedisReply) {
    guard let parts = reply.array, parts.count == 2, let id = parts[0].string?.prefix(while: { $0 != "-" }), let number = UInt64(id),
      number > 0, let fields = parts[1].array
    else { return nil }
    func value(_ name: String) -> [UInt8]? {
      fields.firstIndex { $0.string == name }.flatMap { $0 + 1 < fields.count ? fields[$0 + 1].bytes : nil }
    }
    guard let text = value("text"), let facts = value("facts") else { return nil }
    self.init(sequence: number - 1, facts: facts, text: text)
  }
}

extension JournalPage.Entry {
  init(_ entry: JournalTail.Entry) { self.init(sequence: entry.sequence, text: String(decoding: entry.text, as: UTF8.self)) }
}
