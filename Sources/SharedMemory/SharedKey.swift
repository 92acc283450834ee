import Atomics
import Hashing

// A secret that all workers of a store share, in a small segment of its own:
//
//   header · key, 32 bytes · checksum of the key, 8 bytes
//
// It is written by the process that creates the segment, and never changes. It lives as long as the images: what was signed before a restart is
// valid after it. A process that dies while it creates the segment leaves it unfinished, and the next one makes another key, with which nothing
// has been signed yet. The name contains a dot, so it never belongs to another store.

/// 32 random bytes that all processes of a store know, and that survive each of them.
@safe
package final class SharedKey: @unchecked Sendable {
  // The segment is only read after its creation.
  private let segment: Segment
  package let bytes: [UInt8]

  private static let place = 64
  private static let words = 4
  private static let checksum = place + words * 8
  private static let stamp: UInt64 = 1

  /// Opens the key of a store, and makes it if there is none.
  package convenience init(store: String) throws(SegmentError) {
    let name = Self.segmentName(store)
    let segment = try Self.open(name)
    guard Self.isSound(segment) else {
      // Another process has overwritten it.
      segment.discard()
      try self.init(Self.open(name))
      return
    }
    self.init(segment)
  }

  private init(_ segment: consuming Segment) {
    bytes = Self.bytes(in: segment)
    self.segment = segment
  }

  /// Whether the key was removed or damaged, so that new processes would have another one.
  package var isRemoved: Bool {
    if !Self.isSound(segment) || Self.bytes(in: segment) != bytes { segment.discard() }
    return segment.hasLostSharedMemory
  }

  package static func segmentName(_ store: String) -> String { "/fakeai-images-\(store)-url.key-v1" }

  /// In bytes.
  package static let segmentSize = 4096

  private static func open(_ name: String) throws(SegmentError) -> Segment {
    try unsafe Segment(name: name, size: segmentSize, stamp: stamp) { base throws(SegmentError) in
      let key = (0..<words).map { _ in UInt64.random(in: 0 ... .max) }
      for (index, word) in (key + [hash(key)]).enumerated() {
        unsafe (base + place + index * 8).storeBytes(of: word, as: UInt64.self)
      }
    }
  }

  private static func isSound(_ segment: borrowing Segment) -> Bool {
    segment.word(at: checksum).load(ordering: .relaxed) == hash(key(in: segment))
  }

  private static func key(in segment: borrowing Segment) -> [UInt64] {
    var key: [UInt64] = []
    for index in 0..<words { key.append(segment.word(at: place + index * 8).load(ordering: .relaxed)) }
    return key
  }

  private static func bytes(in segment: borrowing Segment) -> [UInt8] {
    key(in: segment).flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  /// Never 0, which a segment of zeroes would have.
  private static func hash(_ key: [UInt64]) -> UInt64 { max(1, FNV1a.hash(words: key)) }
}
