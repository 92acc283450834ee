import Glibc
import Simulation
import SystemCalls
import SystemPackage

/// Sends one request to an endpoint, on a thread that may block, and reads the status of the response.
enum WebhookConnection {
  /// For connecting, for sending, and for the response.
  private static let patience = Duration.seconds(1)
  /// Bytes of a response in which its status must be.
  private static let longestHead = 1024

  /// - Returns: the status of the response.
  static func post(
    _ body: [UInt8], to url: WebhookURL, headers: [(name: String, value: String)], allowing hosts: WebhookHosts
  ) throws(WebhookFailure) -> Int {
    guard !url.isSecure else { throw WebhookFailure(WebhookURL.whyNotDelivered) }
    let address = try hosts.address(of: url.host, port: url.port)
    let fields = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
    let head =
      "POST \(url.target) HTTP/1.1\r\nHost: \(url.authority)\r\n\(fields)Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
    do throws(Errno) {
      let socket = FileHandle(
        owning: try systemCall { Glibc.socket(address.family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0) })
      // The limit on sending applies to connecting too (socket(7)).
      try bound(SO_SNDTIMEO, of: socket.rawValue, to: patience)
      try bound(SO_RCVTIMEO, of: socket.rawValue, to: patience)
      try address.connect(socket.rawValue)
      try send(Array(head.utf8) + body, to: socket.rawValue)
      return try status(from: socket.rawValue)
    } catch {
      // What a socket reports when its limit is over.
      let isLate = [.wouldBlock, .nowInProgress, .resourceTemporarilyUnavailable].contains(error)
      throw WebhookFailure(isLate ? "it does not answer within \(patience.seconds) s" : "\(error)")
    }
  }

  private static func send(_ bytes: [UInt8], to socket: CInt) throws(Errno) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = try systemCall { unsafe rest.withUnsafeBytes { unsafe Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) } }
      rest = rest.dropFirst(count)
    }
  }

  private static func status(from socket: CInt) throws(Errno) -> Int {
    var head: [UInt8] = []
    var room = [UInt8](repeating: 0, count: longestHead)
    let end = Instant.now + patience
    // A response that comes byte by byte must not take longer, either.
    while head.count < longestHead, !head.contains(UInt8(ascii: "\n")), .now < end {
      let count = try systemCall { unsafe recv(socket, &room, room.count, 0) }
      guard count > 0 else { break }
      head += room[..<count]
    }
    let words = String(decoding: head.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self).split(separator: " ")
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]), (100...999).contains(status) else {
      throw .badMessage
    }
    return status
  }
}

/// Why an event did not reach an endpoint, in a clause.
struct WebhookFailure: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
