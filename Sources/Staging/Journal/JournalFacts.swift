/// The fields of one entry as they lie beside its text, so that entries are found without reading any JSON: for each field one byte of
/// length, then as many of its first bytes as that can count.
struct JournalFacts {
  let bytes: [UInt8]

  init(_ values: [JournalField: String]) {
    bytes = JournalField.allCases.flatMap { field in
      let value = Self.kept(values[field] ?? "")
      return [UInt8(value.count)] + value
    }
  }

  /// Whether the entry with these facts has all of those values.
  static func match(_ bytes: [UInt8], _ wanted: JournalFilter) -> Bool {
    var position = 0
    for field in JournalField.allCases {
      guard position < bytes.count else { return wanted.values.isEmpty }
      let value = bytes[(position + 1)..<max(position + 1, min(position + 1 + Int(bytes[position]), bytes.count))]
      if wanted.values.contains(where: { $0.field == field && !value.elementsEqual($0.kept) }) { return false }
      position = value.endIndex
    }
    return true
  }

  /// As much of a value as is kept, and therefore compared.
  static func kept(_ value: String) -> [UInt8] { Array(value.utf8.prefix(longestValue)) }

  private static let longestValue = 100
  /// Bytes that they take at most.
  static let longest = JournalField.allCases.count * (1 + longestValue)
}

/// The values that entries must have to be of interest.
package struct JournalFilter: Sendable {
  fileprivate let values: [(field: JournalField, kept: [UInt8])]

  package init(_ wanted: [JournalField: String] = [:]) { values = wanted.map { ($0, JournalFacts.kept($1)) } }
}
