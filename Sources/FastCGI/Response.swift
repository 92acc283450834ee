/// One HTTP response: whole, or the beginning of one whose body goes on.
package struct Response: Sendable {
  package typealias Header = (name: String, value: String)

  package var status: Int
  package private(set) var headers: [Header] = []
  package var body: [UInt8]
  /// Before when it must not be sent, for a server that is to seem slow; nil: at once.
  package var due: ContinuousClock.Instant?
  /// Makes the next part of the body, on the renderer thread and when this one is sent; nil: this is all of it. Of what it returns, status
  /// and headers do not count. The body's length must not have been told.
  package var continuation: (@Sendable () -> Response)?
  /// How the body travels, for a server that is to seem broken.
  package var delivery = Delivery.whole

  package init(status: Int = 200, headers: [Header] = [], body: [UInt8] = []) {
    self.status = status
    self.body = body
    // Some come behind those.
    self.headers.reserveCapacity(headers.count + 8)
    for header in headers { add(header.name, header.value) }
  }

  /// Adds a header. Control characters in the value become `?`, for headers go out raw and a CR LF would begin another one.
  package mutating func add(_ name: String, _ value: String) {
    headers.append((name, Self.isClean(value) ? value : Self.cleaned(value)))
  }

  private static func isClean(_ value: String) -> Bool {
    let bytes = value.utf8.span
    for index in bytes.indices where isControl(bytes[index]) { return false }
    return true
  }

  private static func cleaned(_ value: String) -> String {
    String(decoding: value.utf8.map { isControl($0) ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7f }

  /// The same in place of all headers of that name.
  package mutating func set(_ name: String, _ value: String) {
    headers.removeAll { Self.isSame($0.name, name) }
    add(name, value)
  }

  consuming func changed(by change: (inout Response) -> Void) -> Response {
    change(&self)
    return self
  }

  /// How a body travels.
  package enum Delivery: Sendable, Equatable {
    case whole
    /// So many bytes of it are sent; then the connection is closed in mid-answer.
    case truncated(after: Int)
    /// In so many pieces, with a pause between one and the next.
    case throttled(pieces: Int, pause: Duration)
  }

  package func header(_ name: String) -> String? {
    headers.first { Self.isSame($0.name, name) }?.value
  }

  private static func isSame(_ name: String, _ other: String) -> Bool {
    name.utf8.count == other.utf8.count && name.utf8.elementsEqual(other.utf8) { $0.uppercased == $1.uppercased }
  }
}
