/// The kinds of objects that share a limit.
package enum ObjectGroup: Int, Sendable, CaseIterable {
  /// What clients count on: if there is no room for a new object, it is refused.
  case kept
  /// What may go: the objects that expire first make room for new ones.
  case evicted

  package init(_ kind: ObjectKind) { self = kind.isEvicted ? .evicted : .kept }

  var kinds: [ObjectKind] { ObjectKind.allCases.filter { Self($0) == self } }
}

/// Bytes that the objects of each group may have together.
package struct ObjectCapacity: Sendable {
  package var kept: Int
  package var evicted: Int

  package init(kept: Int, evicted: Int) { (self.kept, self.evicted) = (kept, evicted) }

  /// The bytes that an object counts as: whole pages, which is what a file takes, so that the limit of the bytes is also one of the number of
  /// objects.
  ///
  /// - Parameter length: of the content.
  static func bytes(for length: Int) -> Int { (ObjectHeader.size + length + 4095) & ~4095 }

  subscript(group: ObjectGroup) -> Int {
    switch group {
    case .kept: kept
    case .evicted: evicted
    }
  }
}
