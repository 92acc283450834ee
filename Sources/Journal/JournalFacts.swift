/// The fields by which entries can be found. The raw value is the name in a query; the order is that in shared memory.
package enum JournalField: String, Sendable, CaseIterable {
  case method, path, status, model
  /// The last four characters of the key.
  case key
  case fault
  /// The session; "" if the request had none.
  case session
}

/// The fields of one entry as stored beside its text, so that entries are found without parsing JSON. Each field has one byte of length,
/// then at most as many of its first bytes as that can count.
package struct JournalFacts: Sendable {
  let bytes: [UInt8]

  /// - Parameter value: the value of each field, "" if the request has none.
  package init(_ value: (JournalField) -> String) {
    var bytes: [UInt8] = []
    // Enough for nearly all.
    bytes.reserveCapacity(200)
    for field in JournalField.allCases {
      let value = value(field).utf8
      let kept = value.count <= Self.longestValue ? value[...] : value.prefix(Self.longestValue)
      bytes.append(UInt8(kept.count))
      bytes.append(contentsOf: kept)
    }
    self.bytes = bytes
  }

  /// Whether an entry with these facts has all of those values. Any bytes are safe to pass.
  static func match(_ bytes: Span<UInt8>, _ wanted: JournalFilter) -> Bool {
    var position = 0
    for field in JournalField.allCases {
      // A version that did not know the last fields stored none of them, which is the same as empty ones.
      let isStored = position < bytes.count
      let start = isStored ? position + 1 : position
      let count = isStored ? min(Int(bytes[position]), bytes.count - start) : 0
      let value = bytes.extracting(start..<(start + count))
      for wanted in wanted.values where wanted.field == field && !isEqual(value, wanted.kept.span) { return false }
      position = start + count
    }
    return true
  }

  private static func isEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
    one.count == other.count && one.indices.allSatisfy { one[$0] == other[$0] }
  }

  /// The prefix of a value that is stored and compared.
  static func kept(_ value: String) -> [UInt8] { Array(value.utf8.prefix(longestValue)) }

  private static let longestValue = 100
  /// Maximum number of bytes of all fields.
  static let longest = JournalField.allCases.count * (1 + longestValue)
}

extension JournalFacts: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral values: (JournalField, String)...) {
    self.init { field in values.last { $0.0 == field }?.1 ?? "" }
  }
}

/// The values that an entry must have to match.
package struct JournalFilter: Sendable {
  fileprivate let values: [(field: JournalField, kept: [UInt8])]

  package init(_ wanted: [JournalField: String] = [:]) { values = wanted.map { ($0, JournalFacts.kept($1)) } }
}

extension JournalFilter: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (JournalField, String)...) { values = elements.map { ($0, JournalFacts.kept($1)) } }
}

/// Entries of the journal, oldest first.
package struct JournalPage: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package var sequence: UInt64
    /// A JSON object.
    package var text: String
  }

  package var entries: [Entry]
  /// The sequence number of the oldest request that is kept.
  package var oldest: UInt64
  /// The sequence number to continue from.
  package var next: UInt64

  package init(entries: [Entry], oldest: UInt64, next: UInt64) {
    self.entries = entries
    self.oldest = oldest
    self.next = next
  }
}
