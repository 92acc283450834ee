import SharedMemory
import SystemCalls
import SystemPackage

/// Removes files: the oldest to make room, and those that have expired. And counts those that were there before.
extension DiskStore {
  private static let patience: UInt32 = 2000

  private func withLock<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try index.lock.withLock(milliseconds: Self.patience, orTimeOut: StoreError.busy) { acquisition throws(StoreError) in
      if acquisition == .ownerDied { index.count(.ownersDied) }
      return try body()
    }
  }

  // MARK: - The oldest

  /// Room that is counted for an image which is being stored.
  struct Reservation {
    var minute: DiskMinute
    var use: DiskUse
  }

  /// Removes images until all that are stored or being stored fit.
  ///
  /// - Throws: ``StoreError/full(capacity:)`` if the store must not evict, and too few images have expired.
  func makeRoom(for reservation: Reservation) throws(StoreError) {
    guard index.total.bytes > capacity else { return }
    try withLock { () throws(StoreError) in
      while index.total.bytes > capacity {
        if try removeOldest(for: reservation) != nil || index.total.bytes <= capacity { continue }
        // Everything else that is counted is being stored now.
        throw evictsWhenFull ? .busy : .full(capacity: capacity)
      }
    }
  }

  /// Evicts the oldest images, if there are any.
  /// - Returns: whether at least that many bytes became free.
  func evict(bytes: Int, for reservation: Reservation) throws(StoreError) -> Bool {
    try withLock { () throws(StoreError) in
      var freed = 0
      while freed < bytes, let removed = try removeOldest(for: reservation) { freed += removed }
      return freed >= bytes
    }
  }

  /// Removes the oldest image; if the store must not evict, the one that expires first among the oldest, once it has expired.
  /// - Returns: its bytes; nil if none can be removed.
  private func removeOldest(for reservation: Reservation) throws(StoreError) -> Int? {
    let now = clock.now()
    var empty: Set<DiskMinute> = []
    while let minute = index.minuteOfOldest(around: DiskMinute(of: now), except: empty) {
      count(minute)
      let found = index.used(in: minute)
      var ids = try candidates(in: minute)
      defer { remember(ids, in: minute) }
      while let id = ids.last {
        guard evictsWhenFull || id.expires <= now else { return nil }
        ids.removeLast()
        guard let file = try attempt({ () throws(Errno) in try directory.remove(id) }) else { continue }
        index.subtract(DiskUse(images: 1, bytes: file.length), from: minute)
        index.count(id.expires <= now ? .expired : .evicted)
        if let next = ids.last.flatMap(directory.status) { index.setOldest(next.created, in: minute) }
        return file.length
      }
      try dropUnfounded(found, in: minute, now, reservation)
      empty.insert(minute)
    }
    return nil
  }

  /// Corrects the count of a minute in which there are no files: a process died, or somebody else has removed them. Not while another process
  /// may be writing one.
  private func dropUnfounded(_ found: DiskUse, in minute: DiskMinute, _ now: Int64, _ reservation: Reservation) throws(StoreError) {
    let wasLastWritten = minute.end - lifetime
    let isQuiet = index.value(.writing) == 1 || now > wasLastWritten + DiskMinute.nanoseconds
    guard isQuiet, try attempt({ () throws(Errno) in try directory.content(of: minute).ids.isEmpty }) else { return }
    _ = index.replace(found, by: minute == reservation.minute ? reservation.use : DiskUse(), in: minute)
  }

  /// The images of a minute, the first to remove last.
  private func candidates(in minute: DiskMinute) throws(StoreError) -> [ImageID] {
    if let known = candidates.value[minute], !known.isEmpty { return known }
    return try attempt { () throws(Errno) in try directory.content(of: minute).ids.reversed() }
  }

  private func remember(_ ids: [ImageID], in minute: DiskMinute) {
    var known = candidates.value
    candidates.value = [:]
    if known.count > 3 { known = [:] }
    known[minute] = ids.isEmpty ? nil : ids
    candidates.value = known
  }

  private func attempt<Result>(_ body: () throws(Errno) -> Result) throws(StoreError) -> Result {
    do { return try body() } catch { throw unavailable("remove images from", error) }
  }

  // MARK: - The expired

  /// Removes the directories of minutes that are over. One process does so at a time, in small steps, between which others find the lock free.
  package func sweep() {
    do throws(StoreError) {
      try index.sweepLock.withLock(milliseconds: 0, orTimeOut: StoreError.busy) { _ throws(StoreError) in
        countFiles()
        let now = DiskMinute(of: clock.now())
        for minute in (try? directory.minutes()) ?? [] where minute < now { removeExpired(minute) }
      }
    } catch {
      // Another process sweeps.
    }
  }

  private static let step = 256

  private func removeExpired(_ minute: DiskMinute) {
    guard let (ids, partial) = try? directory.content(of: minute) else { return }
    for start in stride(from: 0, to: ids.count, by: Self.step) {
      _ = try? withLock { () throws(StoreError) in
        for id in ids[start..<min(start + Self.step, ids.count)] {
          guard try attempt({ () throws(Errno) in try directory.remove(id) }) != nil else { continue }
          index.count(.expired)
        }
      }
    }
    _ = try? withLock { () throws(StoreError) in
      directory.removeRest(of: minute, partial: partial)
      index.clear(minute)
    }
  }

  // MARK: - The adopted

  /// Counts the files that were there before the index. Several processes may do so at once.
  func countFiles() {
    let now = DiskMinute(of: clock.now())
    for minute in (try? directory.minutes()) ?? [] where isPlausible(minute, now) && !index.isCounted(minute) {
      _ = try? withLock { () throws(StoreError) in count(minute) }
    }
  }

  /// Whether the index has a place for the minute: a clock that was wrong may have made others.
  private func isPlausible(_ minute: DiskMinute, _ now: DiskMinute) -> Bool {
    minute.number + UInt64(DiskIndex.places / 4) > now.number && minute.number < now.number + UInt64(DiskIndex.places * 3 / 4)
  }

  /// Counts the files of a minute, once. Runs under the lock.
  private func count(_ minute: DiskMinute) {
    guard !index.isCounted(minute), let ids = try? directory.content(of: minute).ids else { return }
    let started = Int64(index.value(.started))
    var (use, oldest) = (DiskUse(), Int64.max)
    for id in ids {
      guard let file = directory.status(id), file.linked < started else { continue }
      use += DiskUse(images: 1, bytes: file.length)
      oldest = min(oldest, file.created)
    }
    if use.images > 0 { index.add(use, to: minute, created: oldest) }
    index.setCounted(minute)
  }
}
