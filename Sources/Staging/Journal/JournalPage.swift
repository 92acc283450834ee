/// Some entries of the journal, the oldest first.
package struct JournalPage: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package var sequence: UInt64
    /// A JSON object.
    package var text: String
  }

  package var entries: [Entry]
  /// The sequence number to ask from for what follows.
  package var next: UInt64

  package init(entries: [Entry], next: UInt64) {
    self.entries = entries
    self.next = next
  }
}
