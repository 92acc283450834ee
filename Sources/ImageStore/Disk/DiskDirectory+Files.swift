import Glibc
import SystemCalls
import SystemPackage

/// A file, as its directory describes it.
struct DiskFile: Equatable {
  var length: Int
  /// To the second, in nanoseconds since 1970.
  var created: Int64
  /// When it got its name, in nanoseconds since 1970.
  var linked: Int64
}

extension DiskDirectory {
  func path(of minute: DiskMinute) -> String { "\(path)/\(minute.name)" }

  func path(of id: ImageID, _ format: ImageFormat) -> String { "\(path)/\(Self.name(of: id, format))" }

  /// Relative to the directory: `1c7d2a4/1c7d2a45f3108a2bb0c3….png`.
  static func name(of id: ImageID, _ format: ImageFormat) -> String {
    let text = id.description
    return String(text.prefix(DiskMinute.digits)) + "/" + text + "." + format.fileExtension
  }

  // MARK: - Writing

  /// Writes a file. It appears under its name when it is complete.
  ///
  /// - Parameter created: nanoseconds since 1970.
  func write(_ bytes: [UInt8], as id: ImageID, _ format: ImageFormat, created: Int64) throws(Errno) {
    do throws(Errno) {
      try attemptWrite(bytes, as: id, format, created)
    } catch .noSuchFileOrDirectory {
      // The first image of its minute; or the last images of the minute were removed just now, and the directory with them.
      try makeDirectory(id.minute)
      try attemptWrite(bytes, as: id, format, created)
    }
  }

  private func makeDirectory(_ minute: DiskMinute) throws(Errno) {
    if hasMarker == false { try restoreMarker() }
    let path = path(of: minute)
    do throws(Errno) { try systemCall { unsafe mkdir(path, Self.directoryMode) } } catch .fileExists { return }
    _ = unsafe chmod(path, Self.directoryMode)
  }

  private func attemptWrite(_ bytes: [UInt8], as id: ImageID, _ format: ImageFormat, _ created: Int64) throws(Errno) {
    let directory = path(of: id.minute)
    // What a process leaves under the partial name that dies goes with its minute.
    let file = try NewFile(in: directory, partial: "\(directory)/\(Self.partialName(id))", mode: Self.fileMode, on: fileSystem)
    try file.handle.write(bytes)
    let time = timespec(tv_sec: Int(created / WallClock.nanosecondsPerSecond), tv_nsec: Self.lengthMark(bytes.count))
    try systemCall { unsafe futimens(file.handle.rawValue, [time, time]) }
    try file.link(as: path(of: id, format), replaces: false)
  }

  /// A file's length as nanoseconds, which are fewer than a billion.
  private static func lengthMark(_ length: Int) -> Int { min(length, 999_999_999) }

  // MARK: - Reading

  /// A file, open, with its bytes, or without them if it is longer than the limit.
  ///
  /// - Parameter now: nanoseconds since 1970.
  /// - Returns: nil if there is no such file, or if it is not as long as it was.
  func read(
    _ id: ImageID, _ format: ImageFormat, upTo limit: Int, now: Int64
  ) throws(Errno) -> (opened: OpenFile, file: DiskFile, bytes: [UInt8]?)? {
    func opened() throws(Errno) -> OpenFile? { try open(path(of: id, format)) }
    guard let (opened, status) = try recent.file(of: id, now: now, open: opened), let file = description(status) else { return nil }
    guard file.length <= limit else { return (opened, file, nil) }
    guard let bytes = try opened.read(file.length) else { return nil }
    return (opened, file, bytes)
  }

  private func open(_ path: String) throws(Errno) -> OpenFile? {
    do throws(Errno) {
      return OpenFile(FileHandle(owning: try systemCall { unsafe Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) }))
    } catch .noSuchFileOrDirectory {
      return try nothing()
    } catch .tooManySymbolicLinkLevels {
      return nil
    }
  }

  /// There is no file. That says something only as long as the directory is there.
  private func nothing<Value>() throws(Errno) -> Value? {
    if hasMarker { return nil }
    throw .noSuchFileOrDirectory
  }

  private func description(_ status: stat) -> DiskFile? {
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    let (length, mark) = (Int(status.st_size), status.st_mtim.tv_nsec)
    // A file without a mark was copied by a program that knows only seconds.
    guard !keepsLengths || mark == 0 || mark == Self.lengthMark(length) else { return nil }
    return DiskFile(
      length: length, created: WallClock.nanoseconds(seconds: status.st_mtim.tv_sec, and: 0),
      linked: WallClock.nanoseconds(seconds: status.st_ctim.tv_sec, and: status.st_ctim.tv_nsec))
  }
}
