import Answers
package import SharedMemory
package import SystemCalls
import SystemPackage

/// A store in a directory of ordinary files: all processes serve the images that one process has stored, and a pool that starts again serves
/// those of the one before.
///
/// Expiry is decided when an image is read, by its ID; ``sweep()`` only removes the files. Images keep the lifetime with which they were
/// stored, whatever the retention of the pool that finds them.
package final class DiskStore: FileStore {
  let directory: DiskDirectory
  let index: DiskIndex
  /// Nanoseconds for which an image is served.
  let lifetime: Int64
  let evictsWhenFull: Bool
  /// Bytes of all files together.
  let capacity: Int
  let clock: WallClock
  /// What this process knows of the images that it will remove next. Used under the index's lock.
  let candidates = DiskDirectory.Shared<[DiskMinute: [ImageID]]>([:])

  package let kind = "disk"
  package var retention: Duration { .nanoseconds(lifetime) }

  /// Opens the store in a directory, which is created if only the last component of its path is missing.
  ///
  /// - Parameters:
  ///   - name: the name of the store, by which the processes of a machine share the counts of its files.
  ///   - size: bytes that the files may have together.
  ///   - retention: how long a new image is served.
  ///   - evictsWhenFull: whether a full store evicts its oldest image for a new one, or refuses the new one.
  package init(
    path: String, name: String, size: Int, retention: Duration, evictsWhenFull: Bool = true, clock: WallClock = .system
  ) throws(DiskStoreError) {
    do throws(SegmentError) { index = try DiskIndex(store: name, create: true) } catch { throw .index(error) }
    do throws(DiskStoreRefusal) {
      directory = try DiskDirectory(path: path, token: index.value(.token))
    } catch {
      throw .directory(error)
    }
    index.set(.capacity, to: UInt64(size))
    capacity = size
    lifetime = Int64(retention / .nanoseconds(1))
    self.evictsWhenFull = evictsWhenFull
    self.clock = clock
    // Until the files of earlier pools are counted, the store may hold more than it should.
    try? detachThread { [weak self] in self?.countFiles() }
  }

  /// Checks that a directory can be used, and creates it if only the last component of its path is missing.
  package static func check(path: String) throws(DiskStoreRefusal) { try DiskDirectory.check(path) }

  /// Stores an image. When this returns, every process serves it, even if all processes end.
  package func insert(_ file: [UInt8], format: ImageFormat) -> StoreAnswer<ImageID> {
    do throws(StoreError) { return .ready(.success(try stored(file, format))) } catch { return .ready(.failure(error)) }
  }

  package func keep(_ file: [UInt8], format: ImageFormat) -> ImageID? { evictsWhenFull ? try? stored(file, format) : nil }

  private func stored(_ file: [UInt8], _ format: ImageFormat) throws(StoreError) -> ImageID {
    guard file.count <= capacity else { throw .tooLarge(bytes: file.count, capacity: capacity) }
    guard !index.isLost else { throw .removed }
    let now = clock.now()
    let id = ImageID(expires: now + lifetime, format: format)
    let reservation = Reservation(minute: id.minute, use: DiskUse(images: 1, bytes: file.count))
    index.count(.writing)
    defer { index.discount(.writing) }
    index.add(reservation.use, to: id.minute, created: now)
    do throws(StoreError) {
      try makeRoom(for: reservation)
      try write(file, as: id, format, created: now, reservation)
    } catch {
      index.subtract(reservation.use, from: id.minute)
      throw error
    }
    index.count(.inserted)
    index.set(.newest, to: UInt64(now))
    return id
  }

  /// Writes a file. If the disk is full before the store is, evicts images as if the store were.
  private func write(
    _ file: [UInt8], as id: ImageID, _ format: ImageFormat, created: Int64, _ reservation: Reservation
  ) throws(StoreError) {
    for attempt in 0... {
      do throws(Errno) {
        return try directory.write(file, as: id, format, created: created)
      } catch {
        guard error == .noSpace || error == .diskQuotaExceeded else { throw unavailable("write to", error) }
        guard evictsWhenFull, attempt < 3, try evict(bytes: file.count << attempt, for: reservation) else {
          throw .noSpace("\(directory.path): \(error)")
        }
      }
    }
  }

  func unavailable(_ doing: String, _ error: Errno) -> StoreError { .unavailable("cannot \(doing) \(directory.path): \(error)") }

  /// The image with that ID; nil if there never was one, or if it was evicted or has expired.
  package func image(for id: ImageID) -> StoreAnswer<StoredImage?> {
    do throws(StoreError) {
      guard case .image(let image)? = try content(of: id, upTo: .max) else { return .ready(.success(nil)) }
      return .ready(.success(image))
    } catch {
      return .ready(.failure(error))
    }
  }

  package func content(of id: ImageID, upTo limit: Int) throws(StoreError) -> StoredContent? {
    let now = clock.now()
    guard id.expires > now, let format = id.format else { return nil }
    do throws(Errno) {
      guard let (opened, file, bytes) = try directory.read(id, format, upTo: limit, now: now) else { return nil }
      guard let bytes else {
        return .file(StoredFile(opened: opened, length: file.length, format: format, created: file.created, expires: id.expires))
      }
      return .image(StoredImage(bytes: bytes, format: format, created: file.created, expires: id.expires))
    } catch {
      throw unavailable("read from", error)
    }
  }

  /// Images count until the minute in which they expire is over.
  package var statistics: StoreStatistics { Self.statistics(index, now: clock.now()) }

  private static func statistics(_ index: borrowing DiskIndex, now: Int64) -> StoreStatistics {
    let (use, oldest) = index.live(after: DiskMinute(of: now))
    return StoreStatistics(
      images: use.images, bytesUsed: use.bytes, bytesCapacity: Int(index.value(.capacity)), oldest: oldest,
      newest: use.images > 0 && index.value(.newest) > 0 ? Int64(index.value(.newest)) : nil, inserted: index.value(.inserted),
      evicted: index.value(.evicted), expired: index.value(.expired), lockOwnersDied: index.value(.ownersDied))
  }

  /// The statistics of the store of that name, for a process that does not use it; nil if no process does.
  package static func statistics(of name: String, clock: WallClock = .system) throws(SegmentError) -> StoreStatistics? {
    guard Segment.use(of: segmentName(name))?.isUsed == true else { return nil }
    return statistics(try DiskIndex(store: name, create: false), now: clock.now())
  }

  /// Lost if the index was removed: new processes would make another, and count for themselves.
  package var health: StoreHealth {
    if index.isLost { return .lost }
    return directory.problem.map { .unavailable($0) } ?? .ready
  }

  /// The name of a file without which the directory is not the one that holds the images.
  package static var landmark: String { DiskMarker.name }

  package static func segmentName(_ name: String) -> String { DiskIndex.segmentName(name) }
  package static let segmentSize = DiskIndex.segmentSize
}

/// Why a store on disk cannot be opened.
package enum DiskStoreError: Error, CustomStringConvertible {
  case directory(DiskStoreRefusal)
  case index(SegmentError)

  package var description: String {
    switch self {
    case .directory(let refusal): "\(refusal)"
    case .index(let error): "\(error)"
    }
  }
}
