/// Compresses indices by GIF's variant of LZW (GIF89a Specification, appendix F).
///
/// A string of indices that occurred before is written as one code. The table finds the code of a string that is one index longer than
/// another one. Repetitions of one index, which most of a picture consists of, have another way: the codes of all their lengths are known, so
/// that a repetition costs a comparison of its pixels, sixteen at a time, and not a step in the table for each.
@safe
struct LZWCompressor: ~Copyable {
  /// For each code, the first string that is one index longer: its code in the lower twelve bits, then that index, then ``hasFirst``, and
  /// ``hasMore`` if there are other such strings: only then does a search go on in the larger table of ``strings``. Codes that were made one
  /// after another share a cache line.
  private let continuations: UnsafeMutablePointer<UInt32>
  /// The other strings: a code in the lower twelve bits, and above it the code of all but the last index, and that index. Or ``none``.
  private let strings: UnsafeMutablePointer<UInt32>
  /// For each index, the codes of its repetitions by their length, from 1.
  private let repetitions: UnsafeMutablePointer<UInt16>
  /// For each index, the longest repetition that has a code, and that code.
  private let longest: UnsafeMutablePointer<(length: UInt16, code: UInt16)>

  private static let hasFirst: UInt32 = 1 << 20
  private static let hasMore: UInt32 = 1 << 31
  /// More than twice as many places as there are codes, so that most strings are found at once.
  private static let places = 1 << 13
  private static let none = UInt32.max
  /// The last one of twelve bits is not used, so that no string looks like ``none``.
  private static let codes = (1 << 12) - 1
  private static let indices = 1 << 8
  /// From the repetitions of one index to those of the next: a code for each length, and a cache line more. The short ones of all indices
  /// would compete for the same few lines otherwise.
  private static let repetitionStride = (1 << 12) + 32

  init() {
    unsafe continuations = .allocate(capacity: 1 << 12)
    unsafe strings = .allocate(capacity: Self.places)
    // Most of this is never touched.
    unsafe repetitions = .allocate(capacity: Self.indices * Self.repetitionStride)
    unsafe longest = .allocate(capacity: Self.indices)
    for index in 0..<Self.indices { unsafe repetitions[index * Self.repetitionStride + 1] = UInt16(index) }
  }

  deinit {
    unsafe continuations.deallocate()
    unsafe strings.deallocate()
    unsafe repetitions.deallocate()
    unsafe longest.deallocate()
  }

  /// Appends compressed indices, with the byte that tells their size and the empty block at the end.
  ///
  /// - Parameters:
  ///   - count: takes this number of indices from the beginning, at least 1.
  ///   - bits: the bits of an index, 1 to 8.
  mutating func compress(_ plane: borrowing IndexPlane, count: Int, bits: Int, to file: inout [UInt8]) {
    let indices = unsafe plane.first(count)
    // The format has no codes of two bits.
    let bits = max(bits, 2)
    let clear: UInt32 = 1 << bits
    file.append(UInt8(bits))
    var output = CodeWriter()
    var (next, width) = (clear + 2, bits + 1)
    output.write(clear, width, to: &file)
    forgetStrings()
    var code = unsafe UInt32(indices[0])
    var place = 1
    while place < indices.count {
      let index = unsafe indices[place]
      if let longer = string(code, index) {
        code = longer
        place &+= 1
        continue
      }
      output.write(code, width, to: &file)
      if next < UInt32(Self.codes) {
        add(next, for: code, index)
        noteRepetition(of: index, longerThan: code, next)
        // 1 when the next code needs another bit.
        width &+= Int(next &>> UInt32(width))
        next &+= 1
      } else {
        output.write(clear, width, to: &file)
        (next, width) = (clear + 2, bits + 1)
        forgetStrings()
      }
      let length = unsafe repetition(in: indices, from: place, atMost: Int(longest[Int(index)].length))
      code = unsafe UInt32(repetitions[Int(index) &* Self.repetitionStride &+ length])
      place &+= length
    }
    output.write(code, width, to: &file)
    // The reader makes a string of the last code, too.
    if next &>> UInt32(width) != 0, width < 12 { width += 1 }
    output.write(clear + 1, width, to: &file)
    output.finish(&file)
  }

  private mutating func forgetStrings() {
    unsafe continuations.update(repeating: 0, count: Self.indices)
    unsafe strings.update(repeating: Self.none, count: Self.places)
    for index in 0..<Self.indices { unsafe longest[index] = (1, UInt16(index)) }
  }

  /// The code of a string and one more index; nil if it has none.
  @inline(__always)
  private func string(_ code: UInt32, _ index: UInt8) -> UInt32? {
    let first = unsafe continuations[Int(code)]
    if first &>> 12 & 0x1ff == Self.hasFirst &>> 12 | UInt32(index) { return first & 0xfff }
    guard first & Self.hasMore != 0 else { return nil }
    let entry = unsafe strings[slot(of: code, index)]
    return entry == Self.none ? nil : entry & 0xfff
  }

  /// Gives a string and one more index a code.
  @inline(__always)
  private mutating func add(_ next: UInt32, for code: UInt32, _ index: UInt8) {
    let first = unsafe continuations[Int(code)]
    if first == 0 {
      unsafe continuations[Int(code)] = Self.hasFirst | UInt32(index) &<< 12 | next
    } else {
      unsafe continuations[Int(code)] = first | Self.hasMore
      unsafe strings[slot(of: code, index)] = (code &<< 8 | UInt32(index)) &<< 12 | next
    }
    unsafe continuations[Int(next)] = 0
  }

  /// The place of a string among those that are not the first, or the empty one that it can have.
  @inline(__always)
  private func slot(of code: UInt32, _ index: UInt8) -> Int {
    // The code is known last, and so it is only shifted. The index is spread by Knuth's multiplicative hashing: 2³² divided by the golden
    // ratio.
    var slot = Int(code &<< 1 ^ (UInt32(index) &* 2_654_435_769) &>> 19)
    while true {
      let entry = unsafe strings[slot]
      if entry == Self.none || entry &>> 12 == code &<< 8 | UInt32(index) { return slot }
      slot = (slot &+ 1) & (Self.places &- 1)
    }
  }

  @inline(__always)
  private mutating func noteRepetition(of index: UInt8, longerThan code: UInt32, _ next: UInt32) {
    let repetition = unsafe longest[Int(index)]
    guard repetition.code == code else { return }
    let length = repetition.length &+ 1
    unsafe longest[Int(index)] = (length, UInt16(truncatingIfNeeded: next))
    unsafe repetitions[Int(index) &* Self.repetitionStride &+ Int(length)] = UInt16(truncatingIfNeeded: next)
  }

  /// The number of equal indices from a place on. Most are fewer than sixteen, of which every number takes the same way: the processor
  /// could not guess it.
  @inline(__always)
  private func repetition(in indices: UnsafeBufferPointer<UInt8>, from start: Int, atMost limit: Int) -> Int {
    let first = unsafe UnsafeRawPointer(indices.baseAddress! + start)
    let eight = unsafe UInt64(indices[start]) &* 0x0101_0101_0101_0101
    let most = min(limit, indices.count &- start)
    let (one, two) = unsafe (Self.equalBytes(first, eight), Self.equalBytes(first + 8, eight))
    var length = one == 8 ? 8 &+ two : one
    if length == 16 {
      while length < most {
        let more = unsafe Self.equalBytes(first + length, eight)
        length &+= more
        if more < 8 { break }
      }
    }
    return min(length, most)
  }

  /// How many of eight bytes, from the first on, equal those of a word. The plane has some bytes behind its last index.
  @inline(__always)
  private static func equalBytes(_ bytes: UnsafeRawPointer, _ word: UInt64) -> Int {
    // 8 if there is no difference.
    unsafe (bytes.loadUnaligned(as: UInt64.self).littleEndian ^ word).trailingZeroBitCount &>> 3
  }
}

/// Collects codes, the first in the lowest bits, and writes them in GIF's blocks of up to 255 bytes.
@safe
private struct CodeWriter: ~Copyable {
  private var pending: UInt64 = 0
  private var pendingCount = 0
  /// A block and up to three bytes of the next.
  private let block: UnsafeMutableRawPointer
  private var count = 0

  private static let blockSize = 255

  init() { unsafe block = .allocate(byteCount: Self.blockSize + 4, alignment: 4) }

  deinit { unsafe block.deallocate() }

  @inline(__always)
  mutating func write(_ code: UInt32, _ width: Int, to file: inout [UInt8]) {
    pending |= UInt64(code) &<< UInt64(pendingCount)
    pendingCount &+= width
    guard pendingCount >= 32 else { return }
    unsafe block.storeBytes(of: UInt32(truncatingIfNeeded: pending).littleEndian, toByteOffset: count, as: UInt32.self)
    pending &>>= 32
    pendingCount &-= 32
    count &+= 4
    if count >= Self.blockSize { flush(to: &file) }
  }

  mutating func finish(_ file: inout [UInt8]) {
    unsafe block.storeBytes(of: UInt32(truncatingIfNeeded: pending).littleEndian, toByteOffset: count, as: UInt32.self)
    count += (pendingCount + 7) / 8
    while count > 0 { flush(to: &file) }
    file.append(0)
  }

  private mutating func flush(to file: inout [UInt8]) {
    let length = min(count, Self.blockSize)
    file.append(UInt8(length))
    unsafe file += UnsafeRawBufferPointer(start: block, count: length)
    unsafe block.copyMemory(from: block + length, byteCount: count - length)
    count -= length
  }
}
