import Answers
package import ObjectStore
import Synchronization

/// A store for tests in which processes play no part: its objects are this process's own, and have no limit.
package final class ProcessObjectStore: ObjectStore {
  private struct State {
    var objects: [ObjectName: StoredObject] = [:]
    var claims: [ObjectName: ObjectIdentifier] = [:]
    var versions: UInt64 = 0
  }

  private let state = Mutex(State())
  private let now: @Sendable () -> Int64

  package let kind = "process"

  /// - Parameter clock: nanoseconds since 1970.
  package init(clock: @escaping @Sendable () -> Int64) { now = clock }

  package func object(_ name: ObjectName) -> ObjectAnswer<StoredObject?> { .ready(.success(live(name))) }

  private func live(_ name: ObjectName) -> StoredObject? {
    state.withLock { $0.objects[name] }.flatMap { $0.expires > now() ? $0 : nil }
  }

  package func put(_ bytes: [UInt8], as name: ObjectName, expires: Int64, where condition: ObjectCondition) -> ObjectAnswer<ObjectVersion?>
  {
    let now = now()
    let version: ObjectVersion? = state.withLock { state in
      let found = state.objects[name].flatMap { $0.expires > now ? $0.version : nil }
      switch condition {
      case .absent: guard found == nil else { return nil }
      case .version(let wanted): guard found == wanted else { return nil }
      }
      state.versions += 1
      let version = ObjectVersion(number: state.versions)
      state.objects[name] = StoredObject(bytes: bytes, version: version, expires: expires)
      return version
    }
    return .ready(.success(version))
  }

  package func remove(_ name: ObjectName) -> ObjectAnswer<Bool> {
    let wasThere = live(name) != nil
    state.withLock { $0.objects[name] = nil }
    return .ready(.success(wasThere))
  }

  package func ids(of kind: ObjectKind, prefix: String) -> ObjectAnswer<[String]> {
    let now = now()
    let names = state.withLock { $0.objects.filter { $0.value.expires > now }.map(\.key) }
    return .ready(.success(names.filter { $0.kind == kind && $0.id.hasPrefix(prefix) }.map(\.id).sorted()))
  }

  package func claim(_ name: ObjectName) -> ObjectAnswer<(any ObjectClaim)?> {
    let claim = Claim(of: self, name)
    let isMine = state.withLock { state in
      if state.claims[name] == nil { state.claims[name] = ObjectIdentifier(claim) }
      return state.claims[name] == ObjectIdentifier(claim)
    }
    return .ready(.success(isMine ? claim : nil))
  }

  package func sweep() {}

  private final class Claim: ObjectClaim {
    private let store: ProcessObjectStore
    private let name: ObjectName

    init(of store: ProcessObjectStore, _ name: ObjectName) { (self.store, self.name) = (store, name) }

    let isHeld = true

    deinit {
      let identifier = ObjectIdentifier(self)
      store.state.withLock { if $0.claims[name] == identifier { $0.claims[name] = nil } }
    }
  }
}
