package import Answers

/// Keeps the API's objects that are not images: uploaded files, stored responses, batches, webhook endpoints. Every process that uses the same
/// store sees an object as soon as ``put(_:as:expires:where:)`` has returned, even if the process that stored it ends.
///
/// Each kind of object has a limit of its own for its bytes and its number. An object is small enough to be read and written in one piece.
package protocol ObjectStore: Sendable {
  /// The name of the kind of store in statistics: `memory`, `disk`, `redis`.
  var kind: String { get }

  /// The object of that name; nil if there never was one, or if it was removed or evicted or has expired.
  func object(_ name: ObjectName) -> ObjectAnswer<StoredObject?>

  /// Stores an object, if the condition holds. No reader ever sees a part of it.
  ///
  /// - Parameters:
  ///   - expires: nanoseconds since 1970.
  ///   - condition: what must be true of the object that has the name now.
  /// - Returns: the version of the stored object; nil if the condition did not hold, and nothing was stored.
  func put(_ bytes: [UInt8], as name: ObjectName, expires: Int64, where condition: ObjectCondition) -> ObjectAnswer<ObjectVersion?>

  /// Removes an object.
  /// - Returns: whether there was one.
  func remove(_ name: ObjectName) -> ObjectAnswer<Bool>

  /// The IDs of a kind, the smallest first, which is the order in which they were made: see ``ObjectName/newID(_:digits:now:)``.
  ///
  /// - Parameter prefix: what the IDs must begin with; "" for all of them.
  func ids(of kind: ObjectKind, prefix: String) -> ObjectAnswer<[String]>

  /// Takes the sole right to work on something, such as a batch, unless another process has it. The right ends with the process, soon after it
  /// at the latest, or when the claim is released.
  /// - Returns: nil if another process, or another claim of this one, has the right.
  func claim(_ name: ObjectName) -> ObjectAnswer<(any ObjectClaim)?>

  /// Removes expired objects. Call it every now and then, on a thread that may block.
  func sweep()

  /// Whether shared memory that the store needs was removed: a new process would use another store, so this one should end.
  var isLost: Bool { get }
}

extension ObjectStore {
  package var isLost: Bool { false }
}

/// A right that ``ObjectStore/claim(_:)`` gave. It ends when this object is released.
package protocol ObjectClaim: AnyObject, Sendable {
  /// Whether the right still holds. A process that was stopped for longer than a lease has lost it.
  var isHeld: Bool { get }
}

/// A result of an object store.
package typealias ObjectAnswer<Value: Sendable> = Answer<Value, ObjectStoreError>

/// Counts the changes of an object.
package struct ObjectVersion: Sendable, Hashable {
  package var number: UInt64

  package init(number: UInt64) { self.number = number }
}

/// What must be true for an object to be stored.
package enum ObjectCondition: Sendable, Hashable {
  /// There is no object of that name.
  case absent
  /// The object has that version.
  case version(ObjectVersion)
}

/// An object, copied out of a store.
package struct StoredObject: Sendable, Equatable {
  package var bytes: [UInt8]
  package var version: ObjectVersion
  /// Nanoseconds since 1970.
  package var expires: Int64

  package init(bytes: [UInt8], version: ObjectVersion, expires: Int64) {
    (self.bytes, self.version, self.expires) = (bytes, version, expires)
  }
}

/// The reason that an operation of an object store failed.
package enum ObjectStoreError: Error, Equatable {
  /// The object is larger than all objects of its kind may be.
  case tooLarge(bytes: Int, capacity: Int)
  /// There is no room for another object of the kind, and none that may be evicted.
  case full(ObjectKind, capacity: Int)
  /// What keeps the objects is full before the store is: memory or the disk.
  case noSpace(String)
  /// Another process holds the store's lock and is not making progress.
  case busy
  /// The store cannot be reached, with the reason.
  case unavailable(String)
}

extension ObjectStoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLarge(let bytes, let capacity): "an object of \(bytes) bytes is larger than all of its kind may be (\(capacity) bytes)"
    case .full(let kind, let capacity): "there is no room for more objects of the kind \(kind.rawValue) (\(capacity) bytes)"
    case .noSpace(let reason): "there is no room for the object: \(reason)"
    case .busy: "another process holds the object store's lock and is not making progress"
    case .unavailable(let reason): "the object store is unavailable: \(reason)"
    }
  }
}
