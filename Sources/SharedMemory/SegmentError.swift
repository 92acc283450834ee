package import SystemPackage

/// Why a segment cannot be had. Each case says what is wrong, with which value, and what would be right.
package enum SegmentError: Error, Equatable {
  /// A system call failed; `doing` names it in words.
  case system(Errno, doing: String, name: String)
  /// /dev/shm has no room for `bytes`.
  case noRoom(bytes: Int, name: String)
  /// The file is not ours to use: `reason` says why.
  case refused(reason: String, name: String)
  /// The segment was made with another size.
  case otherSize(found: Int, expected: Int, name: String)
  /// The segment was made with another layout, by another version or another machine.
  case otherStamp(found: UInt64, expected: UInt64, name: String)
  /// Another process has been creating it for too long.
  case busy(name: String)
  /// There is no such segment.
  case absent(name: String)
}

extension SegmentError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let error, let doing, let name):
      "cannot \(doing) shared memory \(name): \(error)"
    case .noRoom(let bytes, let name):
      "no room for \(bytes) bytes of shared memory \(name): make /dev/shm larger or the store smaller"
    case .refused(let reason, let name):
      "cannot use shared memory \(name): \(reason); remove /dev/shm\(name) or use another store name"
    case .otherSize(let found, let expected, let name):
      "shared memory \(name) holds \(found) bytes, not \(expected): use the same size or another store name, or remove /dev/shm\(name)"
    case .otherStamp(let found, let expected, let name):
      "shared memory \(name) has layout \(hex(found)), not \(hex(expected)): use another store name, or remove /dev/shm\(name)"
    case .busy(let name):
      "shared memory \(name) is being created by another process, which is not making progress"
    case .absent(let name):
      "shared memory \(name) does not exist"
    }
  }

  private func hex(_ stamp: UInt64) -> String { String(stamp, radix: 16) }
}
