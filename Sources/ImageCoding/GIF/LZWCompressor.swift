/// Compresses indices by GIF's variant of LZW (GIF89a Specification, appendix F).
///
/// A string of indices that occurred before is written as one code. The table finds the code of a string that is one index longer than
/// another one. Repetitions of one index, which most of a picture consists of, have another way: the codes of all their lengths are known, so
/// that a repetition costs a comparison of its pixels, eight at a time, and not a step in the table for each.
@safe
struct LZWCompressor: ~Copyable {
  /// A code in the lower twelve bits, and above it the string: the code of all but the last index, and that index. Or ``none``.
  private let strings: UnsafeMutablePointer<UInt32>
  /// For each index, the codes of its repetitions by their length, which is at least 2.
  private let repetitions: UnsafeMutablePointer<UInt16>
  /// For each index, the longest repetition that has a code, and that code.
  private let longest: UnsafeMutablePointer<(length: Int, code: UInt32)>

  /// More than twice as many places as there are codes, so that most strings are found at once.
  private static let places = 1 << 13
  private static let none = UInt32.max
  /// The last one of twelve bits is not used, so that no string looks like ``none``.
  private static let codes = (1 << 12) - 1
  private static let indices = 1 << 8

  init() {
    unsafe strings = .allocate(capacity: Self.places)
    // Most of this is never touched.
    unsafe repetitions = .allocate(capacity: Self.indices << 12)
    unsafe longest = .allocate(capacity: Self.indices)
  }

  deinit {
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
    let strings = unsafe strings
    var code = unsafe UInt32(indices[0])
    var place = 1
    while place < indices.count {
      let index = unsafe indices[place]
      let string = code &<< 8 | UInt32(index)
      var slot = Self.slot(of: string)
      var entry = unsafe strings[slot]
      while entry &>> 12 != string, entry != Self.none {
        slot = (slot &+ 1) & (Self.places &- 1)
        entry = unsafe strings[slot]
      }
      if entry != Self.none {
        code = entry & 0xfff
        place &+= 1
        continue
      }
      output.write(code, width, to: &file)
      if next < UInt32(Self.codes) {
        unsafe strings[slot] = string &<< 12 | next
        noteRepetition(of: index, longerThan: code, next)
        if next &>> UInt32(width) != 0 { width &+= 1 }
        next &+= 1
      } else {
        output.write(clear, width, to: &file)
        (next, width) = (clear + 2, bits + 1)
        forgetStrings()
      }
      // Most strings begin with an index that has no repetition.
      let most = unsafe longest[Int(index)].length
      let length = unsafe most == 1 ? 1 : repetition(in: indices, from: place, atMost: most)
      code = unsafe length == 1 ? UInt32(index) : UInt32(repetitions[Int(index) &<< 12 &+ length])
      place &+= length
    }
    output.write(code, width, to: &file)
    // The reader makes a string of the last code, too.
    if next &>> UInt32(width) != 0, width < 12 { width += 1 }
    output.write(clear + 1, width, to: &file)
    output.finish(&file)
  }

  private mutating func forgetStrings() {
    unsafe strings.update(repeating: Self.none, count: Self.places)
    for index in 0..<Self.indices { unsafe longest[index] = (1, UInt32(index)) }
  }

  /// Where to look first for a string, by Knuth's multiplicative hashing: 2³² divided by the golden ratio.
  @inline(__always)
  private static func slot(of string: UInt32) -> Int { Int((string &* 2_654_435_769) &>> 19) }

  @inline(__always)
  private mutating func noteRepetition(of index: UInt8, longerThan code: UInt32, _ next: UInt32) {
    let repetition = unsafe longest[Int(index)]
    guard repetition.code == code else { return }
    unsafe longest[Int(index)] = (repetition.length &+ 1, next)
    unsafe repetitions[Int(index) &<< 12 &+ repetition.length &+ 1] = UInt16(truncatingIfNeeded: next)
  }

  /// The number of equal indices from a place on.
  @inline(__always)
  private func repetition(in indices: UnsafeBufferPointer<UInt8>, from start: Int, atMost limit: Int) -> Int {
    let index = unsafe indices[start]
    let eight = UInt64(index) &* 0x0101_0101_0101_0101
    let end = min(start &+ limit, indices.count)
    var place = start &+ 1
    while place &+ 8 <= end {
      let difference = unsafe UnsafeRawPointer(indices.baseAddress! + place).loadUnaligned(as: UInt64.self).littleEndian ^ eight
      if difference != 0 { return place &- start &+ difference.trailingZeroBitCount &>> 3 }
      place &+= 8
    }
    while place < end, unsafe indices[place] == index { place &+= 1 }
    return place &- start
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
