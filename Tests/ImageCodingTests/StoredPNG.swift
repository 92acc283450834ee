/// A PNG file of any kind whose pixels are stored uncompressed.
struct StoredPNG {
  var width: Int
  var height: Int
  var bitDepth = 8
  /// The colour type: 0 grey, 2 RGB, 4 grey and alpha, 6 RGBA.
  var colourType = 6
  var isInterlaced = false
  /// The bytes of a row's pixels in these columns. It is not called for a row or pass without pixels.
  var row: (_ y: Int, _ columns: [Int]) -> [UInt8]

  /// Adam7's passes: the first column and row, and the steps to the next ones.
  static let passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]

  /// - Parameters:
  ///   - chunkLength: the bytes of each IDAT chunk.
  ///   - damage: changes the data before it is packed.
  func file(chunkLength: Int = 1 << 16, damage: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
    var rows = rows
    damage(&rows)
    let packed = Self.zlib(rows)
    let kind: [UInt8] = [UInt8(bitDepth), UInt8(colourType), 0, 0, isInterlaced ? 1 : 0]
    let header = Self.bytes(width) + Self.bytes(height) + kind
    var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + Self.chunk("IHDR", header)
    for start in stride(from: 0, to: packed.count, by: chunkLength) {
      file += Self.chunk("IDAT", Array(packed[start..<min(start + chunkLength, packed.count)]))
    }
    return file + Self.chunk("IEND", [])
  }

  private var rows: [UInt8] {
    let passes = isInterlaced ? Self.passes : [(0, 0, 1, 1)]
    var rows: [UInt8] = []
    for (left, top, across, down) in passes {
      let columns = Array(stride(from: left, to: width, by: across))
      guard !columns.isEmpty else { continue }
      for y in stride(from: top, to: height, by: down) { rows += [0] + row(y, columns) }
    }
    return rows
  }

  /// Stored blocks (RFC 1951, 3.2.4) in zlib's frame.
  private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: bytes.count, by: 65535) {
      let block = bytes[start..<min(start + 65535, bytes.count)]
      let length = UInt16(block.count)
      stream.append(start + 65535 >= bytes.count ? 1 : 0)
      stream += [UInt8(length & 0xff), UInt8(length >> 8), UInt8(~length & 0xff), UInt8(~length >> 8)]
      stream += block
    }
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return stream + Self.bytes(Int(high << 16 | low))
  }

  static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    var crc: UInt32 = 0xffff_ffff
    for byte in body {
      let index = Int((crc ^ UInt32(byte)) & 0xff)
      crc = table[index] ^ (crc >> 8)
    }
    return bytes(content.count) + body + bytes(Int(~crc))
  }

  private static let table: [UInt32] = (0..<256).map { index in
    var crc = UInt32(index)
    for _ in 0..<8 {
      let half = crc >> 1
      crc = crc & 1 == 1 ? 0xedb8_8320 ^ half : half
    }
    return crc
  }

  private static func bytes(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 0xff) } }
}
