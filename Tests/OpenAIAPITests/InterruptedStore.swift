import Answers
import ObjectStore
import Synchronization

/// A store that lets something happen once, before an object is replaced.
final class InterruptedStore: ObjectStore {
  private let base: any ObjectStore
  private let interruption: Mutex<(@Sendable () -> Void)?>

  init(base: any ObjectStore, by interruption: @escaping @Sendable () -> Void) {
    self.base = base
    self.interruption = Mutex(interruption)
  }

  var kind: String { base.kind }

  func object(_ name: ObjectName) -> ObjectAnswer<StoredObject?> { base.object(name) }

  func put(_ bytes: [UInt8], as name: ObjectName, expires: Int64, where condition: ObjectCondition) -> ObjectAnswer<ObjectVersion?> {
    if case .version = condition {
      let interrupt = interruption.withLock { interruption in
        defer { interruption = nil }
        return interruption
      }
      interrupt?()
    }
    return base.put(bytes, as: name, expires: expires, where: condition)
  }

  func remove(_ name: ObjectName) -> ObjectAnswer<Bool> { base.remove(name) }
  func ids(of kind: ObjectKind, prefix: String) -> ObjectAnswer<[String]> { base.ids(of: kind, prefix: prefix) }
  func claim(_ name: ObjectName) -> ObjectAnswer<(any ObjectClaim)?> { base.claim(name) }
  func sweep() { base.sweep() }
}
