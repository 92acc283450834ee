import Atomics
import SharedMemory
import SystemCalls
import SystemPackage

// What all processes that use a directory of objects know about it, in shared memory.
//
//   64    counted    1: the words below are right
//   72    changes    of the files
//   80    evicted    objects, ever
//   88    expired    objects, ever
//   96    ownersDied with the lock
//   128   lock
//   256   a group's bytes, objects, and the earliest time at which one of them may expire; 64 bytes for each group
//
// All is written under the lock, after the files were changed. If its owner dies, the next one counts the files again, so that the counts are
// right whatever the owner had done.
@safe
struct ObjectUse: ~Copyable, @unchecked Sendable {
  private let segment: Segment
  let lock: RobustLock

  enum Word: Int {
    case counted = 64, changes = 72, evicted = 80, expired = 88, ownersDied = 96
  }

  private enum Offset {
    static let lock = 128
    static let groups = 256
  }

  static let segmentSize = 4096
  private static let stamp: UInt64 = 1

  /// The directory in shared memory is called `…-objects.files`, and has no such suffix: only segments have one.
  static func segmentName(_ store: String) -> String { "/fakeai-images-\(store)-objects.use-v1" }

  init(store: String) throws(SegmentError) {
    let name = Self.segmentName(store)
    segment = try unsafe Segment(name: name, size: Self.segmentSize, stamp: Self.stamp) { base throws(SegmentError) in
      do throws(Errno) {
        try unsafe RobustLock(in: base + Offset.lock).initialise()
      } catch {
        throw .system(error, doing: "initialise the lock of", name: name)
      }
    }
    lock = unsafe RobustLock(in: segment.base + Offset.lock)
  }

  var isLost: Bool { segment.hasLostSharedMemory || !lock.isSound }

  func value(_ word: Word) -> UInt64 { segment.word(at: word.rawValue).load(ordering: .relaxed) }
  func set(_ word: Word, to value: UInt64) { segment.word(at: word.rawValue).store(value, ordering: .relaxed) }
  func count(_ word: Word, _ number: Int = 1) { set(word, to: value(word) &+ UInt64(number)) }

  // MARK: - A group

  private func word(_ group: ObjectGroup, _ index: Int) -> UnsafeAtomic<UInt64> {
    segment.word(at: Offset.groups + 64 * group.rawValue + 8 * index)
  }

  func bytes(_ group: ObjectGroup) -> Int { Int(word(group, 0).load(ordering: .relaxed)) }
  func objects(_ group: ObjectGroup) -> Int { Int(word(group, 1).load(ordering: .relaxed)) }
  /// Nothing expires before that time, in nanoseconds since 1970.
  func earliest(_ group: ObjectGroup) -> Int64 { Int64(bitPattern: word(group, 2).load(ordering: .relaxed)) }

  func set(_ group: ObjectGroup, bytes: Int, objects: Int, earliest: Int64) {
    word(group, 0).store(UInt64(max(0, bytes)), ordering: .relaxed)
    word(group, 1).store(UInt64(max(0, objects)), ordering: .relaxed)
    word(group, 2).store(UInt64(bitPattern: earliest), ordering: .relaxed)
    count(.changes)
  }

  /// - Parameter expires: of the object that was added, if one was.
  func change(_ group: ObjectGroup, bytes: Int, objects: Int, expires: Int64 = .max) {
    set(
      group, bytes: self.bytes(group) + bytes, objects: self.objects(group) + objects, earliest: min(earliest(group), expires))
  }
}
