/// The size of the store on a machine that may be small: a container has 64M of /dev/shm unless it is told otherwise, and may have a memory
/// limit, to which shared memory counts.
///
/// A size that the user has set is used or refused. The usual one is reduced to what there is.
struct StoreFit: Equatable {
  /// Bytes of the store.
  let size: Int
  /// A line for the log if the store is smaller than usual, or another pool's.
  let notice: String?

  private init(size: Int, notice: String?) { (self.size, self.notice) = (size, notice) }

  /// What limits the size of a store, in bytes; nil: nothing.
  struct Limits: Equatable {
    /// /dev/shm, as the pool finds it.
    var total: Int?
    var free: Int?
    /// Memory of the control group.
    var memory: Int?
    /// Shared memory that the pool needs besides the store.
    var others: Int
    /// The number of workers.
    var workers: Int
    /// Shared memory that files and responses may have. They take what they need when they come, and what is left then.
    var objects = 0

    /// What nginx and the workers use besides shared memory when they are busy, see "Sizing everything else" in Operations.
    var processes: Int { (1 + workers) * 32 << 20 }
    /// What they use at least.
    var idleProcesses: Int { processes / 2 }
  }

  /// The smallest store that is made without being asked for: less has room for a handful of images.
  static let least = 4 << 20

  /// - Parameters:
  ///   - asked: the size that the user has set, if any.
  ///   - existing: the size of a store of that name that nobody uses.
  ///   - limits: what the machine bears.
  init(asked: Int?, existing: Int?, within limits: Limits) throws(CommandFailure) {
    let inSharedMemory = limits.free.map { Self.wholeMegabytes($0 - limits.others) }
    if let asked {
      if let room = inSharedMemory, asked > room { throw Self.refusal(asked, room, Self.sharedMemory(limits, for: asked)) }
      let room = limits.memory.map { Self.wholeMegabytes($0 - limits.others - limits.idleProcesses) }
      if let room, asked > room { throw Self.refusal(asked, room, Self.memory(limits, limits.idleProcesses)) }
      (size, notice) = (asked, nil)
      return
    }
    let inMemory = limits.memory.map { Self.wholeMegabytes($0 - limits.others - limits.processes) }
    let isMemoryLess = (inMemory ?? .max) < (inSharedMemory ?? .max)
    let whole = min(inMemory ?? .max, inSharedMemory ?? .max)
    // If not all fits, files and responses get a little of it.
    let room = whole < Settings.usualStoreSize ? whole - Self.wholeMegabytes(min(limits.objects, whole / 16)) : whole
    guard room < Settings.usualStoreSize else {
      (size, notice) = (Settings.usualStoreSize, nil)
      return
    }
    let wanted = room < Self.least ? Self.least : Settings.usualStoreSize
    let reason = isMemoryLess ? Self.memory(limits, limits.processes) : Self.sharedMemory(limits, for: wanted)
    guard room >= Self.least else { throw Self.refusal(Self.least, room, reason) }
    // A little more or less room than at the last start must not cost the images.
    size = existing.flatMap { (room / 2...room).contains($0) ? $0 : nil } ?? room
    notice =
      "the store has \(Self.text(size)) instead of \(Self.text(wanted)): \(reason.what); for more, \(reason.remedy); to have this size "
      + "without a notice, set FAKEAI_IMAGE_STORE_SIZE=\(Self.text(size))"
  }

  /// Checks that there is room for what a pool needs besides a store that it shares.
  static func checkJoining(within limits: Limits) throws(CommandFailure) {
    guard let free = limits.free, free < limits.others else { return }
    let (what, remedy) = sharedMemory(limits, for: 0)
    throw CommandFailure("there is no room to join the store: \(what); \(remedy), or use a smaller journal")
  }

  private typealias Reason = (what: String, remedy: String)

  private static func sharedMemory(_ limits: Limits, for size: Int) -> Reason {
    let used = (limits.total ?? 0) - (limits.free ?? 0)
    let enough = (wholeMegabytes(size + limits.others + used) >> 26 + 1) << 26
    return (
      "/dev/shm has \(text(limits.total ?? 0)), of which \(text(limits.free ?? 0)) are free, and the pool needs "
        + "\(text(roundingUp(limits.others))) besides the store",
      "make it larger (--shm-size=\(enough >> 20)m; in Kubernetes, an emptyDir in memory)"
    )
  }

  private static func memory(_ limits: Limits, _ processes: Int) -> Reason {
    (
      "the memory limit is \(text(limits.memory ?? 0)), of which nginx, \(limits.workers == 1 ? "one worker" : "\(limits.workers) workers") "
        + "and the journal need \(text(roundingUp(limits.others + processes)))",
      "raise the limit"
    )
  }

  private static func refusal(_ size: Int, _ room: Int, _ reason: Reason) -> CommandFailure {
    let smaller =
      room >= 1 << 20 ? "set FAKEAI_IMAGE_STORE_SIZE to \(text(room)) or less" : "use fewer FAKEAI_WORKERS and a smaller journal"
    return CommandFailure("a store of \(text(size)) does not fit: \(reason.what); \(reason.remedy), or \(smaller)")
  }

  private static func wholeMegabytes(_ bytes: Int) -> Int { max(0, (bytes >> 20) << 20) }
  private static func roundingUp(_ bytes: Int) -> Int { wholeMegabytes(bytes + 1 << 20 - 1) }

  /// In the form of the setting, rounded down to whole units.
  private static func text(_ bytes: Int) -> String {
    bytes >= 10 << 30 ? "\(bytes >> 30)G" : bytes >= 1 << 20 ? "\(bytes >> 20)M" : "\(bytes >> 10)K"
  }
}

extension StoreFit {
  /// The store that fits on this machine, or the one that the pool joins.
  init(_ settings: Settings, joining store: StoreInUse?) throws(CommandFailure) {
    let room = try SharedMemoryRoom(for: settings)
    let limits = Limits(
      total: room.total, free: room.free, memory: ControlGroups().memory, others: SharedMemoryRoom.needed(besidesStoreOf: settings),
      workers: settings.workers,
      objects: settings.imageStorageBackend == .redis ? 0 : settings.fileStoreSize + settings.responseStoreSize)
    guard settings.imageStorageBackend != .disk else {
      try Self.checkJoining(within: limits)
      self.init(size: settings.storeSize, notice: nil)
      return
    }
    guard let store else {
      try self.init(asked: settings.imageStoreSize, existing: StoreInUse.size(ofStore: settings.imageStoreName), within: limits)
      return
    }
    try Self.checkJoining(within: limits)
    self.init(size: store.size, notice: store.notice)
  }
}
