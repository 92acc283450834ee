/// The header of a PNG file (PNG specification, sections 5.2 and 11.2.2).
struct PNGHeader {
  let width: Int
  let height: Int
  let isInterlaced: Bool
  /// As they are stored.
  let bitsPerPixel: Int

  var size: DecodedImage.Size { DecodedImage.Size(width: width, height: height) }

  /// Reads the chunk after the signature; nil if the file is too short. libpng validates its values.
  init?(_ file: Span<UInt8>) {
    guard file.count >= 33 else { return nil }
    (width, height) = (Self.integer(file, at: 16), Self.integer(file, at: 20))
    let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][file[25]] ?? 4
    bitsPerPixel = Int(file[24]) * channels
    isInterlaced = file[28] != 0
  }

  /// Whether the file is a sequence of chunks up to the last one, IEND.
  static func isWhole(_ file: Span<UInt8>) -> Bool {
    var offset = 8
    while offset + 12 <= file.count {
      if (0..<4).allSatisfy({ file[offset + 4 + $0] == end[$0] }) { return true }
      offset += 12 + integer(file, at: offset)
    }
    return false
  }

  private static let end = Array("IEND".utf8)

  private static func integer(_ file: Span<UInt8>, at offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(file[offset + $1]) } }
}
