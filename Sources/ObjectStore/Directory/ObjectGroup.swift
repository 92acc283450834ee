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

  subscript(group: ObjectGroup) -> Int {
    switch group {
    case .kept: kept
    case .evicted: evicted
    }
  }
}
