import Glibc

/// Reads replies from a stream of bytes in pieces of any size. A long string is read straight into the reply's array.
///
/// Whatever a server sends, the parser does not crash, and reserves no more memory than ``ReplyLimits`` allows. It throws if a reply is not RESP2
/// or is too large.
struct ReplyParser {
  private let limits: ReplyLimits
  private var buffer: [UInt8]
  /// The unread part of the buffer.
  private var unread = 0..<0
  /// The part of the buffer, from the beginning of `unread`, that has no line feed.
  private var scanned = 0
  /// A string of which more is to come, and how much has come. The buffer is empty until all has.
  private var string: [UInt8]?
  private var received = 0
  private var arrays: [OpenArray] = []
  /// What the current reply may still take.
  private var budget: Int

  private struct OpenArray {
    var missing: Int
    var elements: [RedisReply]
  }

  init(limits: ReplyLimits = ReplyLimits()) {
    self.limits = limits
    buffer = [UInt8](repeating: 0, count: limits.lineBytes)
    budget = limits.replyBytes
  }

  /// Lets a function read bytes into up to two places, the second of which continues the first.
  /// - Parameter read: returns how many bytes it has read, or what is negative for none.
  /// - Returns: the same, and whether there was room for more.
  mutating func fill(
    _ read: (_ first: UnsafeMutableRawBufferPointer, _ second: UnsafeMutableRawBufferPointer?) -> Int
  ) -> (count: Int, wasFull: Bool) {
    guard let missing = string.map({ $0.count - received }), missing > 0 else { return unsafe fillBuffer(read) }
    // Both arrays stay where they are for the length of the call.
    let count = unsafe string!.withUnsafeMutableBytes { long in
      unsafe buffer.withUnsafeMutableBytes { rest in
        unsafe read(UnsafeMutableRawBufferPointer(rebasing: long[received...]), rest)
      }
    }
    received += min(max(0, count), missing)
    unread = 0..<max(0, count - missing)
    scanned = 0
    return (count, count == missing + buffer.count)
  }

  private mutating func fillBuffer(
    _ read: (UnsafeMutableRawBufferPointer, UnsafeMutableRawBufferPointer?) -> Int
  ) -> (count: Int, wasFull: Bool) {
    if unread.isEmpty { unread = 0..<0 } else if unread.upperBound == buffer.count { moveDown() }
    let end = unread.upperBound
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe read(UnsafeMutableRawBufferPointer(rebasing: bytes[end...]), nil)
    }
    unread = unread.lowerBound..<end + max(0, count)
    return (count, unread.upperBound == buffer.count)
  }

  private mutating func moveDown() {
    let (from, count) = (unread.lowerBound, unread.count)
    unsafe buffer.withUnsafeMutableBytes { bytes in
      _ = unsafe memmove(bytes.baseAddress!, bytes.baseAddress! + from, count)
    }
    unread = 0..<count
  }

  /// The next reply, as far as it has arrived completely.
  mutating func next() throws(ProtocolError) -> RedisReply? {
    while let value = try nextValue() {
      guard let reply = completed(value) else { continue }
      budget = limits.replyBytes
      return reply
    }
    return nil
  }

  /// Adds a value to the innermost open array, and closes the arrays that it completes.
  /// - Returns: the outermost value, if it is complete.
  private mutating func completed(_ value: RedisReply) -> RedisReply? {
    var value = value
    while let last = arrays.indices.last {
      arrays[last].elements.append(value)
      arrays[last].missing -= 1
      guard arrays[last].missing == 0 else { return nil }
      value = .array(arrays.removeLast().elements)
    }
    return value
  }

  /// The next value that is not an array with elements.
  private mutating func nextValue() throws(ProtocolError) -> RedisReply? {
    while true {
      if string != nil { return try nextString() }
      guard let line = try nextLine() else { return nil }
      try spend(Self.valueCost)
      let text = buffer[line.dropFirst()]
      switch buffer[line.lowerBound] {
      case UInt8(ascii: "+"): return .status(String(decoding: text, as: UTF8.self))
      case UInt8(ascii: "-"): return .error(String(decoding: text, as: UTF8.self))
      case UInt8(ascii: ":"): return .integer(try integer(text))
      case UInt8(ascii: "$"):
        guard let count = try length(text) else { return .null }
        try spend(count)
        (string, received) = ([UInt8](repeating: 0, count: count), 0)
      case UInt8(ascii: "*"):
        guard let count = try length(text) else { return .null }
        guard count > 0 else { return .array([]) }
        try spend(count * Self.valueCost)
        guard arrays.count < limits.depth else { throw ProtocolError("arrays nested more than \(limits.depth) deep") }
        arrays.append(OpenArray(missing: count, elements: []))
      case let type: throw ProtocolError("a value of type \(type)")
      }
    }
  }

  private mutating func nextString() throws(ProtocolError) -> RedisReply? {
    let missing = string!.count - received
    let there = min(missing, unread.count)
    if there > 0 {
      string!.replaceSubrange(received..<received + there, with: buffer[unread.prefix(there)])
      received += there
      unread.removeFirst(there)
    }
    guard there == missing, unread.count >= 2 else { return nil }
    guard buffer[unread.lowerBound] == 13, buffer[unread.lowerBound + 1] == 10 else { throw ProtocolError("a string without end") }
    unread.removeFirst(2)
    scanned = 0
    return .bytes(string.take()!)
  }

  /// The next line without its end; it has at least one byte.
  private mutating func nextLine() throws(ProtocolError) -> Range<Int>? {
    guard let feed = buffer[unread.dropFirst(scanned)].firstIndex(of: 10) else {
      scanned = unread.count
      if scanned == buffer.count { throw ProtocolError("a line of more than \(buffer.count) bytes") }
      return nil
    }
    let start = unread.lowerBound
    guard feed > start + 1, buffer[feed - 1] == 13 else { throw ProtocolError("a line without type or without carriage return") }
    unread = feed + 1..<unread.upperBound
    scanned = 0
    return start..<feed - 1
  }

  private func integer(_ text: ArraySlice<UInt8>) throws(ProtocolError) -> Int64 {
    guard text.count <= 20, let value = Int64(String(decoding: text, as: UTF8.self)) else { throw ProtocolError("an invalid number") }
    return value
  }

  /// nil for null.
  private func length(_ text: ArraySlice<UInt8>) throws(ProtocolError) -> Int? {
    let value = try integer(text)
    if value == -1 { return nil }
    guard value >= 0, value <= limits.replyBytes else { throw ProtocolError("a length of \(value)") }
    return Int(value)
  }

  private mutating func spend(_ cost: Int) throws(ProtocolError) {
    budget -= cost
    if budget < 0 { throw ProtocolError("a reply of more than \(limits.replyBytes) bytes") }
  }

  /// About what the array of a reply takes for an element.
  private static let valueCost = 16
}
