import Glibc
import OpenAIAPI
import Testing

@testable import FastCGI

/// A stream of /_fakeai/events, which is asked as the loop asks it.
final class OpenedStream {
  /// The first part of the response.
  let opening: String
  /// What came after it.
  private(set) var text = ""
  private(set) var hasEnded = false
  private let stream: OpenStream

  init(_ fixture: ServiceFixture, _ query: String, _ variables: [String: String] = [:]) throws {
    let response = fixture.send(Request(method: "GET", path: "/_fakeai/events", query: query, variables: CGIParameters(variables)))
    opening = response.text
    stream = try #require(response.stream, "\(opening)")
  }

  /// Asks once, and again as long as there is more.
  func ask() {
    while !hasEnded {
      switch stream.news() {
      case .none: return
      case .end: hasEnded = true
      case .bytes(let bytes, let hasMore):
        text += String(decoding: bytes, as: UTF8.self)
        if !hasMore { return }
      }
    }
  }

  /// Asks until a condition holds; the test's time limit ends it otherwise.
  func read(until condition: () -> Bool) {
    while !condition(), !hasEnded, !Task.isCancelled {
      ask()
      usleep(5000)
    }
  }

  /// Asks until an event has that id.
  func read(until id: Int) { read { ids.last.map { $0 >= id } ?? false } }

  /// The ids of all events, in their order.
  var ids: [Int] { text.matches(of: /(?m)^id: (-?\d+)$/).compactMap { Int($0.output.1) } }
}

extension ServiceFixture {
  /// Waits until the journal has that many requests: one in Redis records a request after its response.
  func awaitRequests(_ count: Int) throws {
    while get("/_fakeai/requests").text.matches(of: /"sequence":/).count < count { usleep(5000) }
  }
}
