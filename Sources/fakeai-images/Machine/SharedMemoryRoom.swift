import Glibc
import ImageStore
import Journal
import Limits
import Metrics
import ObjectStore
import OpenAIAPI
import SharedMemory
import Simulation
import SystemCalls
import SystemPackage

/// /dev/shm as a new pool finds it.
struct SharedMemoryRoom: Equatable {
  /// All bytes of the file system; nil if it has no limit.
  var total: Int?
  /// Bytes that the pool can have; nil if there is no limit. Includes what its segments already have that no process uses, because they are
  /// taken over or removed.
  var free: Int?

  /// - Throws: an error if no segment can be created, or if one of the store's belongs to somebody else.
  init(for settings: Settings) throws(CommandFailure) {
    try Self.checkAccess()
    let store = settings.imageStoreName
    let names = Self.storeSegments(settings).map(\.name)
    for name in names + [DirectoryObjectStore.memoryDirectory(store)] { try Self.checkOwner(of: name) }
    var status = statvfs()
    try orFail("cannot examine \(Segment.directory)") { () throws(Errno) in
      _ = try systemCall { unsafe statvfs(Segment.directory, &status) }
    }
    guard status.f_blocks > 0 else { return }
    let unused = (names + PoolMemory.names(store: store)).compactMap { Segment.use(of: $0) }.filter { !$0.isUsed }
    total = Int(status.f_blocks) * Int(status.f_frsize)
    free = Int(status.f_bavail) * Int(status.f_frsize) + unused.map(\.allocated).reduce(0, +)
  }

  /// Bytes that a pool needs besides its store. What another pool has and shares costs nothing.
  static func needed(besidesStoreOf settings: Settings) -> Int {
    // The index of images on disk is small, and belongs to what is needed besides them.
    let images = settings.imageStorageBackend == .disk ? 0 : 1
    let shared = storeSegments(settings).dropFirst(images).filter { Segment.use(of: $0.name)?.isUsed != true }.map(\.size)
    let own = [SharedRules.segmentSize, settings.journalSize == 0 ? 0 : Journal.segmentSize(settings.journalSize)]
    return (shared + own).reduce(0, +)
  }

  /// The segments that belong to the store, the images first.
  private static func storeSegments(_ settings: Settings) -> [(name: String, size: Int)] {
    let store = settings.imageStoreName
    let images =
      switch settings.imageStorageBackend {
      case .memory, .redis: (SharedMemoryStore.segmentName(store), SharedMemoryStore.segmentSize(settings.storeSize))
      case .disk: (DiskStore.segmentName(store), DiskStore.segmentSize)
      }
    return [
      images,
      (Scoreboard.segmentName(store), Scoreboard.segmentSize), (RateLimiter.segmentName(store), RateLimiter.segmentSize),
      (DirectoryObjectStore.segmentName(store), settings.imageStorageBackend == .redis ? 0 : DirectoryObjectStore.segmentSize),
      (SharedKey.segmentName(store), settings.urlStyle == .azureBlob ? SharedKey.segmentSize : 0),
    ]
  }

  private static func checkAccess() throws(CommandFailure) {
    let directory = Segment.directory
    var status = stat()
    do throws(Errno) {
      try systemCall { unsafe stat(directory, &status) }
      try systemCall { unsafe faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) }
    } catch .noSuchFileOrDirectory {
      throw CommandFailure("there is no \(directory), where images are stored: mount a tmpfs there, with mode 1777")
    } catch .permissionDenied {
      let mode = String(status.st_mode & 0o7777, radix: 8)
      throw CommandFailure(
        "user \(geteuid()) cannot create files in \(directory), which belongs to user \(status.st_uid) and has mode \(mode): "
          + "give it mode 1777")
    } catch .readOnlyFileSystem {
      throw CommandFailure("\(directory), where images are stored, is read-only: mount a tmpfs there that can be written to")
    } catch {
      throw CommandFailure("cannot use \(directory), where images are stored: \(error)")
    }
  }

  private static func checkOwner(of name: String) throws(CommandFailure) {
    guard let owner = Segment.owner(of: name), owner != geteuid() else { return }
    throw CommandFailure(
      "\(Segment.directory)\(name) belongs to user \(owner), and this is user \(geteuid()): remove it, or use another "
        + "FAKEAI_IMAGE_STORE_NAME")
  }
}
