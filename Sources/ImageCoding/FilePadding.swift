import Hashing

/// Makes files larger without changing their pictures, for tests of limits.
///
/// A file gets exactly the wanted number of bytes, or a few more if its format has no padding that is so short. A file that is that large
/// already stays as it is. The padding is where the format's specification has readers skip what they do not know.
package enum FilePadding {
  /// A private chunk before the last one (PNG specification, section 4.7.2). Exact from 12 bytes of padding.
  package static func png(_ file: consuming [UInt8], to count: Int) -> [UInt8] {
    padded(file, to: count, at: file.count - 12) { file, missing in
      let length = max(0, missing - 12)
      append(length, bytes: 4, to: &file)
      let start = file.count
      // Ancillary, private, safe to copy: the cases of the letters say so.
      file += Array("paDd".utf8)
      noise(length, to: &file)
      append(Int(crc32(file[start...])), bytes: 4, to: &file)
    }
  }

  /// Application segments behind those of the file, so that a file that is cut short has no picture (T.81, B.2.4.6). Always exact.
  package static func jpeg(_ file: consuming [UInt8], to count: Int) -> [UInt8] {
    padded(file, to: count, at: endOfHeaders(ofJPEG: file)) { file, missing in
      var rest = missing
      while rest >= 4 {
        // The longest segment, but the last one needs 4 bytes too.
        let size = rest > 0x10001 && rest < 0x10005 ? 0x10001 - 4 : min(rest, 0x10001)
        file += [0xff, 0xef]
        append(size - 2, bytes: 2, to: &file)
        noise(size - 4, to: &file)
        rest -= size
      }
      // Fill bytes, of which a marker may have any number (T.81, B.1.1.2).
      file += repeatElement(0xff, count: rest)
    }
  }

  /// An unknown chunk at the end (WebP container specification, "Unknown Chunks"). Exact for even numbers from 8 bytes of padding.
  package static func webp(_ file: consuming [UInt8], to count: Int) -> [UInt8] {
    var padded = padded(file, to: count, at: file.count) { file, missing in
      let length = (max(0, missing - 8) + 1) & ~1
      file += Array("PADD".utf8)
      // RIFF's numbers begin with their lowest byte.
      append(Int(UInt32(length).byteSwapped), bytes: 4, to: &file)
      noise(length, to: &file)
    }
    let size = padded.count - 8
    for byte in 0..<4 { padded[4 + byte] = UInt8(truncatingIfNeeded: size >> (8 * byte)) }
    return padded
  }

  /// An application extension before the first frame (GIF89a, section 26), so that a file that is cut short has no picture. A comment would
  /// count as the file's own. Exact for 15 bytes of padding and from 17 bytes on.
  package static func gif(_ file: consuming [UInt8], to count: Int) -> [UInt8] {
    padded(file, to: count, at: firstFrame(ofGIF: file)) { file, missing in
      file += [0x21, 0xff, 11] + Array("FAKEAI  PAD".utf8)
      var rest = missing - 15
      while rest > 0 {
        // A block has its length and at least one byte.
        let size = rest == 257 ? 255 : max(2, min(rest, 256))
        file.append(UInt8(size - 1))
        noise(size - 1, to: &file)
        rest -= size
      }
      file.append(0)
    }
  }

  /// Comments before the last tag, each short, because a parser may limit it, or blanks if there is no room for one. Always exact.
  package static func svg(_ file: consuming [UInt8], to count: Int) -> [UInt8] {
    padded(file, to: count, at: file.lastIndex(of: UInt8(ascii: "<")) ?? file.count) { file, missing in
      var rest = missing
      while rest >= 7 {
        let size = min(rest, 1 << 16)
        file += Array("<!--".utf8)
        letters(size - 7, to: &file)
        file += Array("-->".utf8)
        rest -= size
      }
      file += repeatElement(UInt8(ascii: " "), count: rest)
    }
  }

  /// Allocates the larger file once, in its final size.
  ///
  /// - Parameter write: appends padding, of at least 1 byte.
  private static func padded(
    _ file: [UInt8], to count: Int, at place: Int, _ write: (_ file: inout [UInt8], _ missing: Int) -> Void
  ) -> [UInt8] {
    guard count > file.count else { return file }
    var padded: [UInt8] = []
    padded.reserveCapacity(count + 16)
    padded += file[..<place]
    write(&padded, count - file.count)
    padded += file[place...]
    return padded
  }
}

// MARK: The places

extension FilePadding {
  /// The end of the application segments and comments at the beginning.
  private static func endOfHeaders(ofJPEG file: [UInt8]) -> Int {
    var place = 2
    while place + 4 <= file.count, file[place] == 0xff, (0xe0...0xef).contains(file[place + 1]) || file[place + 1] == 0xfe {
      place += 2 + Int(file[place + 2]) << 8 + Int(file[place + 3])
    }
    return min(place, file.count)
  }

  /// The first frame, or the control extension that belongs to it.
  private static func firstFrame(ofGIF file: [UInt8]) -> Int {
    let flags = file[10]
    var place = 13 + (flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1))
    while place + 2 < file.count, file[place] == 0x21, file[place + 1] != 0xf9 {
      place += 2
      while place < file.count, file[place] != 0 { place += 1 + Int(file[place]) }
      place += 1
    }
    return min(place, file.count - 1)
  }
}

// MARK: The bytes

extension FilePadding {
  /// Appends a number, its highest byte first.
  private static func append(_ number: Int, bytes: Int, to file: inout [UInt8]) {
    for byte in (0..<bytes).reversed() { file.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
  }

  /// Appends bytes that are the same every time, and that no compression shortens: a proxy or a disk that compresses must not turn a test of
  /// 5 MB into one of 5 KB.
  private static func noise(_ count: Int, to file: inout [UInt8]) {
    var random = SplitMix64(seed: UInt64(count))
    var rest = count
    while rest > 0 {
      let words = (0..<min(1024, (rest + 7) / 8)).map { _ in random.next().littleEndian }
      unsafe words.withUnsafeBytes { bytes in unsafe file.append(contentsOf: bytes.prefix(rest)) }
      rest -= 8 * words.count
    }
  }

  /// Appends the same as 64 different letters and digits, none of which ends a comment.
  private static func letters(_ count: Int, to file: inout [UInt8]) {
    let start = file.count
    noise(count, to: &file)
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    for index in start..<file.count { file[index] = alphabet[Int(file[index] & 63)] }
  }
}
