import Glibc
import SystemCalls
import SystemPackage

/// The directory of a store:
///
/// ```
/// <path>/file/file-0198…        a file for each object, in the directory of its kind, see ``ObjectHeader``
/// <path>/claims/batch.batch_…   see ``FileClaim``
/// ```
///
/// A file gets its name when it is complete. Its modification time is when the object expires, so that nothing needs to be read to remove what
/// has expired. Names that begin with a dot are files that are not complete.
struct ObjectDirectory: Sendable {
  let path: String
  /// The path of a file without which there is no directory: its file system is not mounted; nil if it is always there.
  let landmark: String?
  private let fileSystem = NewFile.FileSystem()

  /// A file as its directory describes it.
  struct Entry {
    var name: ObjectName
    /// Bytes that it takes.
    var size: Int
    /// Nanoseconds since 1970.
    var expires: Int64
  }

  private static let claims = "claims"
  private static let directoryMode: mode_t = 0o700
  private static let fileMode: mode_t = 0o600

  private func path(of kind: ObjectKind) -> String { "\(path)/\(kind.rawValue)" }
  func path(of name: ObjectName) -> String { "\(path)/\(name.kind.rawValue)/\(name.id)" }
  func path(ofClaim name: ObjectName) -> String { "\(path)/\(Self.claims)/\(name.kind.rawValue).\(name.id)" }

  /// Opens the directory, creating it if only the last component of its path is missing.
  init(path: String, landmark: String?) throws(ObjectStoreRefusal) {
    (self.path, self.landmark) = (path, landmark)
    do throws(Errno) { try createMissing() } catch { throw .system(error, doing: "create", path: path) }
    var status = stat()
    do throws(Errno) { try systemCall { unsafe lstat(path, &status) } } catch { throw .system(error, doing: "examine", path: path) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .refused(path: path, reason: "it is not a directory") }
    guard status.st_uid == geteuid() else {
      throw .refused(path: path, reason: "it belongs to user \(status.st_uid), and this is user \(geteuid())")
    }
    guard status.st_mode & 0o777 == Self.directoryMode else {
      throw .refused(path: path, reason: "its mode is \(String(status.st_mode & 0o777, radix: 8)), not 700")
    }
  }

  /// Whether its file system is mounted.
  var isThere: Bool { landmark.map { unsafe access($0, F_OK) == 0 } ?? true }

  /// Creates the directory and those in it, as far as they are missing. Another process may do so at the same time.
  func createMissing() throws(Errno) {
    guard isThere else { throw .noSuchFileOrDirectory }
    for path in [path] + ObjectKind.allCases.map(path(of:)) + ["\(path)/\(Self.claims)"] {
      do throws(Errno) {
        try systemCall { unsafe mkdir(path, Self.directoryMode) }
        try systemCall { unsafe chmod(path, Self.directoryMode) }
      } catch .fileExists {
      }
    }
  }

  // MARK: - Objects

  /// Writes a file that has no name yet.
  func write(_ content: [UInt8], _ header: ObjectHeader, for name: ObjectName) throws(Errno) -> NewFile {
    let directory = path(of: name.kind)
    let partial = "\(directory)/.\(UInt64.random(in: 0 ... .max))"
    let file = try NewFile(in: directory, partial: partial, mode: Self.fileMode, on: fileSystem)
    try file.handle.write(header.encoded(before: content) + content)
    let (seconds, rest) = header.expires.quotientAndRemainder(dividingBy: WallClock.nanosecondsPerSecond)
    let time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest))
    try systemCall { unsafe futimens(file.handle.rawValue, [time, time]) }
    return file
  }

  /// The object of a file, expired or not.
  /// - Returns: nil if there is no such file, or if it is damaged.
  func read(_ name: ObjectName) throws(Errno) -> StoredObject? {
    guard let descriptor = try open(name) else { return nil }
    let file = FileHandle(owning: descriptor)
    var status = stat()
    try systemCall { unsafe fstat(file.rawValue, &status) }
    guard let start = try file.read(ObjectHeader.size, at: 0), let header = ObjectHeader(start),
      header.length == Int(status.st_size) - ObjectHeader.size, let content = try file.read(header.length, at: ObjectHeader.size),
      ObjectHeader.isIntact(start, content)
    else { return nil }
    return StoredObject(bytes: content, version: header.version, expires: header.expires)
  }

  /// What a file says about its object. The content is not checked.
  func header(_ name: ObjectName) throws(Errno) -> ObjectHeader? {
    guard let descriptor = try open(name) else { return nil }
    let file = FileHandle(owning: descriptor)
    return try file.read(ObjectHeader.size, at: 0).flatMap(ObjectHeader.init)
  }

  private func open(_ name: ObjectName) throws(Errno) -> CInt? {
    let path = path(of: name)
    do throws(Errno) {
      return try systemCall { unsafe Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) }
    } catch .noSuchFileOrDirectory {
      // That says something only as long as the file system is there.
      guard isThere else { throw .noSuchFileOrDirectory }
      return nil
    } catch .tooManySymbolicLinkLevels {
      return nil
    }
  }

  /// - Returns: nil if there is no such file.
  func entry(_ name: ObjectName) -> Entry? {
    var status = stat()
    guard unsafe lstat(path(of: name), &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Entry(
      name: name, size: ObjectCapacity.bytes(for: max(0, Int(status.st_size) - ObjectHeader.size)),
      expires: WallClock.nanoseconds(seconds: status.st_mtim.tv_sec, and: status.st_mtim.tv_nsec))
  }

  /// The files of a kind whose names begin with a prefix, in no order.
  func entries(of kind: ObjectKind, prefix: String = "") throws(Errno) -> [Entry] {
    var names: [ObjectName] = []
    do throws(Errno) {
      try forEachName(in: path(of: kind)) { if $0.hasPrefix(prefix), let name = ObjectName(kind, $0) { names.append(name) } }
    } catch .noSuchFileOrDirectory {
      guard isThere else { throw .noSuchFileOrDirectory }
    }
    return names.compactMap(entry)
  }

  /// Removes a file, or a directory of that name that is empty.
  func remove(_ name: ObjectName) throws(Errno) {
    let path = path(of: name)
    do throws(Errno) { try systemCall { unsafe Glibc.remove(path) } } catch .noSuchFileOrDirectory {}
  }

  // MARK: - Upkeep

  /// Removes what processes have left that died: files that were never completed, and claims.
  func removeLeftovers() {
    for kind in ObjectKind.allCases { removePartialFiles(in: path(of: kind)) }
    var claims: [String] = []
    try? forEachName(in: "\(path)/\(Self.claims)") { if !$0.hasPrefix(".") { claims.append($0) } }
    // A claim that nobody holds can be had, and its file goes with it.
    for claim in claims { _ = try? FileClaim(path: "\(path)/\(Self.claims)/\(claim)", isNew: false) }
  }

  /// Those of which nobody has changed anything for an hour.
  private func removePartialFiles(in directory: String) {
    var partial: [String] = []
    try? forEachName(in: directory) { if $0.hasPrefix("."), $0 != ".", $0 != ".." { partial.append("\(directory)/\($0)") } }
    for path in partial {
      var status = stat()
      guard unsafe lstat(path, &status) == 0, status.st_ctim.tv_sec + 3600 < time(nil) else { continue }
      _ = unsafe unlink(path)
    }
  }
}
