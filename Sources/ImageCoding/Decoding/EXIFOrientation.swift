/// The orientation of a camera by EXIF 2.32 (section 4.6.4, tag 0x0112): 1 (upright) to 8.
///
/// Whether it applies is decided as in Pillow: JPEG has it in an APP1 segment, PNG in an eXIf chunk, WebP in an EXIF chunk.
enum EXIFOrientation {
  /// Finds the orientation in EXIF data, with or without the signature that JPEG needs and some programs write elsewhere as well. Nil if the
  /// data is not EXIF, is damaged or has no orientation.
  static func find(in data: Span<UInt8>) -> Int? {
    let file = hasSignature(data) ? data.extracting(signature.count..<data.count) : data
    guard let isLittleEndian = isLittleEndian(file), let directory = integer(file, at: 4, bytes: 4, isLittleEndian),
      let count = integer(file, at: directory, bytes: 2, isLittleEndian)
    else { return nil }
    for entry in 0..<count {
      let offset = directory + 2 + 12 * entry
      guard let tag = integer(file, at: offset, bytes: 2, isLittleEndian) else { return nil }
      guard tag == 0x0112 else { continue }
      // A short number by the standard; some programs write a long one.
      let sizes = [3: 2, 4: 4]
      guard let size = integer(file, at: offset + 2, bytes: 2, isLittleEndian).flatMap({ sizes[$0] }),
        let value = integer(file, at: offset + 8, bytes: size, isLittleEndian)
      else { return nil }
      return (1...8).contains(value) ? value : nil
    }
    return nil
  }

  private static let signature = Array("Exif\0\0".utf8)

  static func hasSignature(_ data: Span<UInt8>) -> Bool {
    data.count >= signature.count && signature.indices.allSatisfy { data[$0] == signature[$0] }
  }

  /// The byte order of a TIFF file, which begins with "II" or "MM"; nil if it does not.
  private static func isLittleEndian(_ file: Span<UInt8>) -> Bool? {
    guard file.count >= 8, file[0] == file[1] else { return nil }
    switch file[0] {
    case UInt8(ascii: "I"): return true
    case UInt8(ascii: "M"): return false
    default: return nil
    }
  }

  /// The unsigned number at an offset of a TIFF file; nil beyond the end.
  private static func integer(_ file: Span<UInt8>, at offset: Int, bytes count: Int, _ isLittleEndian: Bool) -> Int? {
    guard offset >= 0, offset <= file.count - count else { return nil }
    return (0..<count).reduce(0) { value, index in
      value << 8 | Int(file[offset + (isLittleEndian ? count - 1 - index : index)])
    }
  }
}
