import CZlib

/// A PNG file read by zlib, which has no part in writing it. Every byte of the file must be right: of the chunks, their checksums, the
/// compressed stream and its checksum. The first that is not ends the process.
struct InflatedPNG {
  /// The rows without filters: a zero in place of the filter byte, and the pixels.
  private(set) var rows: [UInt8] = []

  init(_ file: [UInt8], width: Int, height: Int, channels: Int) {
    precondition(Array(file.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "no signature")
    var rest = file.dropFirst(8)
    let header = Self.chunk("IHDR", &rest)
    precondition(Array(header) == Self.bytes(width) + Self.bytes(height) + [8, channels == 4 ? 6 : 2, 0, 0, 0], "IHDR \(header)")
    rows = Self.inflated(Array(Self.chunk("IDAT", &rest)), count: height * (1 + channels * width))
    precondition(Self.chunk("IEND", &rest).isEmpty && rest.isEmpty, "\(rest.count) bytes behind IEND, or in it")
    removeFilters(stride: 1 + channels * width, channels: channels)
  }

  /// The content of the next chunk.
  private static func chunk(_ name: String, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let count = number(rest.prefix(4))
    let body = rest.dropFirst(4).prefix(4 + count)
    precondition(body.count == 4 + count && body.starts(with: name.utf8), "no whole \(name)")
    rest = rest.dropFirst(8 + count)
    let checksum = body.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    precondition(number(rest.prefix(4)) == Int(checksum), "the checksum of \(name)")
    rest = rest.dropFirst(4)
    return body.dropFirst(4)
  }

  private static func inflated(_ stream: [UInt8], count: Int) -> [UInt8] {
    // One byte more, so that more rows would be seen.
    var rows = [UInt8](repeating: 0, count: count + 1)
    var (rowBytes, streamBytes) = (UInt(rows.count), UInt(stream.count))
    precondition(uncompress2(&rows, &rowBytes, stream, &streamBytes) == Z_OK, "zlib refuses the stream")
    precondition(rowBytes == count && streamBytes == stream.count, "\(rowBytes) bytes of rows, of \(streamBytes) bytes of the stream")
    rows.removeLast()
    return rows
  }

  private mutating func removeFilters(stride: Int, channels: Int) {
    for start in Swift.stride(from: 0, to: rows.count, by: stride) {
      switch rows[start] {
      case 0: break
      case 1: for index in start + 1 + channels..<start + stride { rows[index] &+= rows[index - channels] }
      case 2 where start > 0: for index in start + 1..<start + stride { rows[index] &+= rows[index - stride] }
      default: preconditionFailure("the filter \(rows[start]) of row \(start / stride)")
      }
      rows[start] = 0
    }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  private static func bytes(_ number: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
}
