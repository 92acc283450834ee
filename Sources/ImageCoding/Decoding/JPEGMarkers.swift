/// Information from the segments of a JPEG file (ITU-T T.81, annex B), read without decoding.
struct JPEGMarkers {
  /// The number of scans.
  private(set) var scanCount = 0
  /// Whether a decoder must keep the whole picture until the last scan, because no scan has all of a block.
  var isKeptWhole: Bool { isProgressive || scanCount > 1 || scannedComponents < components }
  private var isProgressive = false
  private var components = 0
  /// The components of the first scan.
  private var scannedComponents = 0
  /// Whether the file reaches its end-of-image marker.
  private(set) var isComplete = false
  /// Whether the file has Adobe's segment, which determines how CMYK is stored.
  private(set) var isAdobe = false
  /// EXIF's orientation, 1 (upright) to 8.
  private(set) var orientation = 1

  private enum Marker {
    static let startOfImage: UInt8 = 0xd8
    static let endOfImage: UInt8 = 0xd9
    static let startOfScan: UInt8 = 0xda
    /// Frames whose scans refine each other: Huffman or arithmetic coding, alone or hierarchical.
    static let progressive: Set<UInt8> = [0xc2, 0xc6, 0xca, 0xce]
    static let otherFrames: Set<UInt8> = [0xc0, 0xc1, 0xc3, 0xc5, 0xc7, 0xc9, 0xcb, 0xcd, 0xcf]
    static let exif: UInt8 = 0xe1
    static let adobe: UInt8 = 0xee
    static let restarts: ClosedRange<UInt8> = 0xd0...0xd7
  }

  init(_ file: Span<UInt8>) {
    var offset = 0
    while let marker = Self.next(in: file, from: &offset) {
      if marker == Marker.endOfImage {
        isComplete = true
        return
      }
      guard marker != Marker.startOfImage else { continue }
      guard let length = file.integer16(at: offset), length >= 2, offset + length <= file.count else { return }
      read(marker, file.extracting(offset + 2..<offset + length))
      offset += length
    }
  }

  private mutating func read(_ marker: UInt8, _ content: Span<UInt8>) {
    switch marker {
    case Marker.startOfScan:
      if scanCount == 0, content.count > 0 { scannedComponents = Int(content[0]) }
      scanCount += 1
    case _ where Marker.progressive.contains(marker) || Marker.otherFrames.contains(marker):
      isProgressive = isProgressive || Marker.progressive.contains(marker)
      if content.count > 5 { components = Int(content[5]) }
    case Marker.adobe: isAdobe = isAdobe || content.count >= 12 && content[0] == UInt8(ascii: "A")
    case Marker.exif: if let found = EXIFOrientation.find(in: content) { orientation = found }
    default: break
    }
  }

  /// The next marker. Compressed data before it is skipped; 0xff is followed by 0 or a restart marker there.
  private static func next(in file: Span<UInt8>, from offset: inout Int) -> UInt8? {
    while offset + 1 < file.count {
      let code = file[offset + 1]
      if file[offset] == 0xff, code != 0, code != 0xff, !Marker.restarts.contains(code) {
        offset += 2
        return code
      }
      offset += 1
    }
    return nil
  }
}

extension Span<UInt8> {
  fileprivate func integer16(at offset: Int) -> Int? {
    offset + 2 <= count ? Int(self[offset]) << 8 | Int(self[offset + 1]) : nil
  }
}

/// The orientation of a camera by EXIF 2.32 (section 4.6.4, tag 0x0112): 1 (upright) to 8.
enum EXIFOrientation {
  /// Finds the orientation in an APP1 segment's content. Nil if the content is not EXIF, is damaged or has no orientation.
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

  /// The unsigned number at an offset of a TIFF file; nil beyond the end. The file begins with its byte order, "II" or "MM".
  private static func integer(_ file: Span<UInt8>, at offset: Int, bytes count: Int) -> Int? {
    guard offset >= 0, offset <= file.count - count else { return nil }
    let isLittleEndian = file[0] == UInt8(ascii: "I")
    return (0..<count).reduce(0) { value, index in
      value << 8 | Int(file[offset + (isLittleEndian ? count - 1 - index : index)])
    }
  }
}
