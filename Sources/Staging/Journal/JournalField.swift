/// What entries of the journal can be asked for by. The raw value is the name in a query; the order is that in shared memory.
package enum JournalField: String, Sendable, CaseIterable {
  case method, path, status, model
  /// The last four characters of the key.
  case key
  case fault
}
