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
  /// Whether the data is compressed by arithmetic coding, which takes longer to decode.
  private(set) var isArithmetic = false
  /// EXIF's orientation, 1 (upright) to 8. If several segments have one, the first counts.
  var orientation: Int { exifOrientation ?? 1 }
  private var exifOrientation: Int?

  private enum Marker {
    static let startOfImage: UInt8 = 0xd8
    static let endOfImage: UInt8 = 0xd9
    static let startOfScan: UInt8 = 0xda
    /// Frames whose scans refine each other: Huffman or arithmetic coding, alone or hierarchical.
    static let progressive: Set<UInt8> = [0xc2, 0xc6, 0xca, 0xce]
    static let otherFrames: Set<UInt8> = [0xc0, 0xc1, 0xc3, 0xc5, 0xc7, 0xc9, 0xcb, 0xcd, 0xcf]
    static let arithmetic: ClosedRange<UInt8> = 0xc9...0xcf
    static let exif: UInt8 = 0xe1
    /// Markers of the compressed data, which have no length.
    static let restarts: ClosedRange<UInt8> = 0xd0...0xd7
    static let temporary: UInt8 = 0x01
  }

  init(_ file: Span<UInt8>) {
    var offset = 0
    while let marker = Self.next(in: file, from: &offset) {
      if marker == Marker.endOfImage {
        isComplete = true
        return
      }
      guard marker != Marker.startOfImage, marker != Marker.temporary else { continue }
      // As in libjpeg-turbo, a length that does not even include itself is that of an empty segment.
      guard let length = file.integer16(at: offset).map({ max($0, 2) }), offset + length <= file.count else { return }
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
      isArithmetic = isArithmetic || Marker.arithmetic.contains(marker)
      if content.count > 5 { components = Int(content[5]) }
    case Marker.exif where exifOrientation == nil && EXIFOrientation.hasSignature(content):
      exifOrientation = EXIFOrientation.find(in: content)
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
