import Answers
import SharedMemory
import Synchronization
package import SystemCalls
import SystemPackage

/// A store in a directory of ordinary files: in /dev/shm, where files are memory that processes share, or on disk.
///
/// Reading takes no lock: a file is complete as soon as it has its name, and a file that has lost its name stays whole for those who read it.
/// Whatever changes the files takes a lock in shared memory, under which the files are counted as well. If its owner dies, the next one counts
/// them again. If its owner is stopped, one caller waits 2 s for it, and those of the following second are refused at once.
///
/// Expiry is decided when an object is read; ``sweep()`` only removes the files.
package final class DirectoryObjectStore: ObjectStore {
  package let kind: String
  let directory: ObjectDirectory
  let use: ObjectUse
  let capacity: ObjectCapacity
  let clock: WallClock
  private let heldUpSince = Mutex<Instant?>(nil)

  /// Opens the store in shared memory.
  ///
  /// - Parameter name: the name of the store, by which the processes of a machine share it.
  package convenience init(
    inMemoryOf name: String, capacity: ObjectCapacity, clock: WallClock = .system
  ) throws(ObjectStoreRefusal) {
    try self.init(
      kind: "memory", path: Segment.directory + Self.memoryDirectory(name), landmark: nil, name: name, capacity: capacity, clock: clock)
  }

  /// Opens the store on disk, in a directory of images.
  ///
  /// - Parameters:
  ///   - path: the directory of the images.
  ///   - landmark: the name of a file in it without which it is not mounted.
  package convenience init(
    onDisk path: String, landmark: String, name: String, capacity: ObjectCapacity, clock: WallClock = .system
  ) throws(ObjectStoreRefusal) {
    try self.init(
      kind: "disk", path: "\(path)/objects", landmark: "\(path)/\(landmark)", name: name, capacity: capacity, clock: clock)
  }

  private init(
    kind: String, path: String, landmark: String?, name: String, capacity: ObjectCapacity, clock: WallClock
  ) throws(ObjectStoreRefusal) {
    (self.kind, self.capacity, self.clock) = (kind, capacity, clock)
    directory = try ObjectDirectory(path: path, landmark: landmark)
    do throws(SegmentError) { use = try ObjectUse(store: name) } catch { throw .memory(error) }
  }

  /// What the store has in shared memory: a segment, and a directory if it is not on disk. Both names begin with a slash.
  package static func segmentName(_ store: String) -> String { ObjectUse.segmentName(store) }
  package static let segmentSize = ObjectUse.segmentSize
  package static func memoryDirectory(_ store: String) -> String { "/fakeai-images-\(store)-objects.files" }

  package var isLost: Bool { use.isLost }

  // MARK: - Reading

  package func object(_ name: ObjectName) -> ObjectAnswer<StoredObject?> { ObjectAnswer { () throws(ObjectStoreError) in try live(name) } }

  /// The object, if it has not expired.
  private func live(_ name: ObjectName) throws(ObjectStoreError) -> StoredObject? {
    try attempt("read from") { () throws(Errno) in try directory.read(name) }.flatMap { $0.expires > clock.now() ? $0 : nil }
  }

  package func ids(of kind: ObjectKind, prefix: String) -> ObjectAnswer<[String]> {
    ObjectAnswer { () throws(ObjectStoreError) in
      let entries = try attempt("list") { () throws(Errno) in try directory.entries(of: kind, prefix: prefix) }
      let now = clock.now()
      return entries.filter { $0.expires > now }.map(\.name.id).sorted()
    }
  }

  package func claim(_ name: ObjectName) -> ObjectAnswer<(any ObjectClaim)?> {
    ObjectAnswer { () throws(ObjectStoreError) in
      try attempt("write to") { () throws(Errno) in
        try restoring { () throws(Errno) in try FileClaim(path: directory.path(ofClaim: name)) as (any ObjectClaim)? }
      }
    }
  }

  // MARK: - Changing

  package func put(
    _ bytes: [UInt8], as name: ObjectName, expires: Int64, where condition: ObjectCondition
  ) -> ObjectAnswer<ObjectVersion?> {
    ObjectAnswer { () throws(ObjectStoreError) in try stored(bytes, name, expires, condition) }
  }

  private func stored(
    _ bytes: [UInt8], _ name: ObjectName, _ expires: Int64, _ condition: ObjectCondition
  ) throws(ObjectStoreError) -> ObjectVersion? {
    let (group, size) = (ObjectGroup(name.kind), ObjectCapacity.bytes(for: bytes.count))
    guard size <= capacity[group] else { throw .tooLarge(bytes: bytes.count, capacity: capacity[group]) }
    let header = ObjectHeader(version: condition.newVersion, expires: expires, length: bytes.count)
    let file = try written(bytes, header, name)
    return try withLock { () throws(ObjectStoreError) in
      // An object that must be absent nearly always is. Its file's new name shows that, without a look at what has the name.
      if condition == .absent, file.noticesTakenName, try link(file, as: name, header, replaces: false) { return header.version }
      guard try holds(condition, for: name) else { return nil }
      _ = try link(file, as: name, header, replaces: true)
      return header.version
    }
  }

  /// Gives a file its name, and counts it. Runs under the lock.
  ///
  /// - Parameter replaces: whether another file that has the name loses it.
  /// - Returns: false if another file has the name and keeps it.
  private func link(
    _ file: borrowing NewFile, as name: ObjectName, _ header: ObjectHeader, replaces: Bool
  ) throws(ObjectStoreError) -> Bool {
    let (path, size) = (directory.path(of: name), ObjectCapacity.bytes(for: header.length))
    let old = replaces ? directory.entry(name) : nil
    try makeRoom(for: size - (old?.size ?? 0), name)
    let isLinked = try attempt("write to") { () throws(Errno) in
      do throws(Errno) {
        try restoring { () throws(Errno) in try file.link(as: path, replaces: replaces) }
        return true
      } catch .fileExists where !replaces {
        return false
      }
    }
    guard isLinked else { return false }
    use.change(ObjectGroup(name.kind), bytes: size - (old?.size ?? 0), objects: old == nil ? 1 : 0, expires: header.expires)
    return true
  }

  /// Writes a file that has no name yet. If memory or disk is full before the store is, makes room as if the store were.
  private func written(_ bytes: [UInt8], _ header: ObjectHeader, _ name: ObjectName) throws(ObjectStoreError) -> NewFile {
    var round = 0
    while true {
      do throws(Errno) {
        return try restoring { () throws(Errno) in try directory.write(bytes, header, for: name) }
      } catch {
        guard error == .noSpace || error == .diskQuotaExceeded else { throw unavailable("write to", error) }
        guard round < 4, try hasFreed(ObjectCapacity.bytes(for: bytes.count) << round, for: name) else {
          throw .noSpace("\(directory.path): \(error)")
        }
        round += 1
      }
    }
  }

  /// Runs under the lock.
  private func holds(_ condition: ObjectCondition, for name: ObjectName) throws(ObjectStoreError) -> Bool {
    switch condition {
    // There hardly ever is one, and then it may be damaged: so it is read.
    case .absent: return try live(name) == nil
    case .version(let version):
      guard let found = try attempt("read from", { () throws(Errno) in try directory.header(name) }) else { return false }
      return found.version == version && found.expires > clock.now()
    }
  }

  package func remove(_ name: ObjectName) -> ObjectAnswer<Bool> {
    ObjectAnswer { () throws(ObjectStoreError) in
      guard directory.entry(name) != nil else { return try live(name) != nil }
      return try withLock { () throws(ObjectStoreError) in
        let wasThere = try live(name) != nil
        try discard(name)
        return wasThere
      }
    }
  }

  /// Removes a file, and no longer counts it. Runs under the lock.
  /// - Returns: the bytes that it took; nil if there is none.
  @discardableResult
  func discard(_ name: ObjectName) throws(ObjectStoreError) -> Int? {
    guard let entry = directory.entry(name) else { return nil }
    try attempt("write to") { () throws(Errno) in try directory.remove(name) }
    use.change(ObjectGroup(name.kind), bytes: -entry.size, objects: -1)
    return entry.size
  }
}

// MARK: - The lock

extension DirectoryObjectStore {
  private static let patience: UInt32 = 2000
  /// How long after a wait in vain nobody waits: as long as a refused client is asked to wait before it tries again.
  private static let pause = Duration.seconds(1)

  /// Runs `body` while no other process changes the files, and the counts are right.
  func withLock<Result>(
    milliseconds: UInt32 = patience, _ body: () throws(ObjectStoreError) -> Result
  ) throws(ObjectStoreError) -> Result {
    guard !isHeldUp else { throw .busy }
    do throws(ObjectStoreError) {
      return try use.lock.withLock(milliseconds: milliseconds, orTimeOut: ObjectStoreError.busy) { acquisition throws(ObjectStoreError) in
        if acquisition == .ownerDied {
          use.count(.ownersDied)
          use.set(.counted, to: 0)
        }
        if use.value(.counted) == 0 { try countFiles() }
        return try body()
      }
    } catch {
      if error == .busy, milliseconds == Self.patience { heldUpSince.withLock { $0 = .now } }
      throw error
    }
  }

  private var isHeldUp: Bool { heldUpSince.withLock { $0.map { .now - $0 < Self.pause } ?? false } }

  func attempt<Result: ~Copyable>(_ doing: String, _ body: () throws(Errno) -> Result) throws(ObjectStoreError) -> Result {
    do throws(Errno) { return try body() } catch { throw unavailable(doing, error) }
  }

  private func unavailable(_ doing: String, _ error: Errno) -> ObjectStoreError {
    let guess = directory.isThere ? "" : ", perhaps because it is not mounted"
    return .unavailable("cannot \(doing) \(directory.path)\(guess): \(error)")
  }

  /// Runs `body`, and once more with the directories made again if somebody has removed them.
  private func restoring<Result: ~Copyable>(_ body: () throws(Errno) -> Result) throws(Errno) -> Result {
    do throws(Errno) { return try body() } catch .noSuchFileOrDirectory {
      try directory.createMissing()
      use.set(.counted, to: 0)
      return try body()
    }
  }
}

extension ObjectCondition {
  /// The version of an object that is stored on this condition. A new object does not begin with 1: its name may have belonged to another, of
  /// which somebody still knows a version.
  var newVersion: ObjectVersion {
    switch self {
    case .absent: ObjectVersion(number: UInt64.random(in: 0...UInt64.max / 2))
    case .version(let version): ObjectVersion(number: version.number &+ 1)
    }
  }
}
