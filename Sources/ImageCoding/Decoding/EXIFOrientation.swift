/// The orientation of the camera according to EXIF 2.32 (section 4.6.4, tag 0x0112): 1 (upright) to 8.
enum EXIFOrientation {
  /// Finds the orientation in the content of an APP1 segment; nil if it is not EXIF, is damaged, or has no orientation.
  static func find(in segment: Span<UInt8>) -> Int? {
    let signature = Array("Exif\0\0".utf8)
    guard segment.count > signature.count, signature.indices.allSatisfy({ segment[$0] == signature[$0] }) else { return nil }
    let file = segment.extracting(signature.count..<segment.count)
    guard let directory = integer(file, at: 4, bytes: 4), let count = integer(file, at: directory, bytes: 2) else { return nil }
    for entry in 0..<count {
      let offset = directory + 2 + 12 * entry
      guard let tag = integer(file, at: offset, bytes: 2) else { return nil }
      if tag == 0x0112 { return integer(file, at: offset + 8, bytes: 2).flatMap { (1...8).contains($0) ? $0 : nil } }
    }
    return nil
  }

  /// The unsigned number at an offset of a TIFF file, or nil beyond the end. The file's first byte gives its byte order: "II" or "MM".
  private static func integer(_ file: Span<UInt8>, at offset: Int, bytes count: Int) -> Int? {
    guard offset >= 0, offset <= file.count - count else { return nil }
    let isLittleEndian = file[0] == UInt8(ascii: "I")
    return (0..<count).reduce(0) { value, index in
      value << 8 | Int(file[offset + (isLittleEndian ? count - 1 - index : index)])
    }
  }
}
