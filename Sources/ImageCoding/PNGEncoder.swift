import CDeflate
import CPNG

/// Encodes rows of pixels as PNG: libpng writes the head of the file, and ``Deflater`` compresses the pixels to their
/// final place behind it.
///
/// A picture comes as a whole, or in bands from top to bottom, so that memory never holds more than a band of it.
///
/// The buffers are kept, so that one encoder serves its renderer for life.
package struct PNGEncoder: ~Copyable {
  private var deflater = Deflater()
  private var picture = Picture(width: 0, height: 0, hasAlpha: false)
  /// The file, and room for the bytes to come.
  private var file: [UInt8] = []
  /// The bytes of the file so far.
  private var count = 0
  /// The last row so far; empty before the first.
  private var rowAbove: [UInt8] = []
  /// The checksum of the rows so far.
  private var checksum = Adler32()
  private var thread: DeflatingThread?

  /// The picture that is being encoded.
  private struct Picture {
    var width: Int
    var height: Int
    var hasAlpha: Bool
    var filter = RowFilter.none
    /// The rows so far.
    var rowCount = 0
    /// The offset of the pixels' chunk.
    var dataStart = 0

    var pixelStride: Int { hasAlpha ? 4 : 3 }
    var stride: Int { 1 + pixelStride * width }
    var byteCount: Int { stride * height }
    /// Whether the picture is worth two processors. Half of a picture below this limit takes a millisecond, and waking another thread takes
    /// some hundredths of one.
    var isLarge: Bool { width * height > 2048 * 2048 }
    var colourType: CInt { hasAlpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB }
  }

  package init() {}

  /// Encodes 8-bit RGB or RGBA rows.
  ///
  /// - Parameters:
  ///   - rows: `height` rows of 1 + 3·`width` bytes, or 1 + 4·`width` with alpha; each begins with PNG's filter byte (0, None).
  ///   - texts: at most 8 texts, written as uncompressed iTXt chunks.
  package mutating func encode(
    _ rows: Span<UInt8>, width: Int, height: Int, hasAlpha: Bool = false, texts: [PNGText] = []
  ) throws(EncodingFailure) -> [UInt8] {
    try begin(width: width, height: height, hasAlpha: hasAlpha, texts: texts)
    try add(rows)
    return try finish()
  }

  /// Begins a picture that comes in bands. An unfinished picture is dropped.
  ///
  /// - Parameters:
  ///   - filter: the filter of rows that do not equal the one above. The differences of ``RowFilter/up`` suit pictures that change little from
  ///     row to row.
  ///   - texts: see ``encode(_:width:height:hasAlpha:texts:)``.
  package mutating func begin(
    width: Int, height: Int, hasAlpha: Bool = false, filter: RowFilter = .none, texts: [PNGText] = []
  ) throws(EncodingFailure) {
    picture = Picture(width: width, height: height, hasAlpha: hasAlpha, filter: filter)
    (count, checksum) = (0, Adler32())
    rowAbove.removeAll(keepingCapacity: true)
    guard texts.count <= 8 else { throw EncodingFailure(reason: "PNG: \(texts.count) texts; at most 8 are written") }
    let most = texts.reduce(256) { $0 + $1.keyword.utf8.count + $1.text.utf8.count + 64 }
    reserve(most)
    unsafe count = Self.withChunks(texts[...], []) { [picture] chunks in
      unsafe file.withUnsafeMutableBufferPointer { file in
        unsafe cpng_write_head(
          file.baseAddress, most, UInt32(picture.width), UInt32(picture.height), picture.colourType, chunks, CInt(chunks.count))
      }
    }
    guard count > 0 else { throw EncodingFailure(reason: "PNG: libpng refused \(width)x\(height) pixels or a text") }
    picture.dataStart = count
    // The length of the chunk is filled in at the end. zlib's header (RFC 1950, section 2.2) says: a window of 32 KiB, the fastest
    // algorithm.
    append([0, 0, 0, 0] + Array("IDAT".utf8) + [0x78, 0x01])
  }

  /// Adds the next rows.
  ///
  /// - Parameters:
  ///   - rows: whole rows, see ``encode(_:width:height:hasAlpha:texts:)``.
  ///   - repeated: ranges of these rows, from top to bottom, that equal the row above them, so that nobody needs to compare them. Only the
  ///     last row of a range must have its bytes; the others may have any.
  package mutating func add(_ rows: Span<UInt8>, repeated: [Range<Int>] = []) throws(EncodingFailure) {
    let rowCount = rows.count / picture.stride
    guard rowCount > 0, rows.count == rowCount * picture.stride, picture.rowCount + rowCount <= picture.height else {
      throw EncodingFailure(reason: "PNG: rows of another size")
    }
    let isInOrder = zip(repeated, repeated.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }
    let first = repeated.first?.lowerBound ?? rowCount
    guard isInOrder, first >= (picture.rowCount == 0 ? 1 : 0), repeated.allSatisfy({ !$0.isEmpty && $0.upperBound <= rowCount }) else {
      throw EncodingFailure(reason: "PNG: \(repeated) among \(rowCount) rows cannot equal the rows above")
    }
    picture.rowCount += rowCount
    var above: [UInt8] = []
    swap(&above, &rowAbove)
    let isWritten = unsafe rows.withUnsafeBytes { rows in
      defer { unsafe above.replaceSubrange(0..<above.count, with: rows.suffix(picture.stride)) }
      return unsafe above.withUnsafeBytes { above in
        write(
          unsafe PictureRows(rows, above: above, stride: picture.stride, pixelStride: picture.pixelStride, repeated: repeated))
      }
    }
    swap(&above, &rowAbove)
    if !isWritten { throw EncodingFailure(reason: "PNG: no room for the compressed rows") }
  }

  /// - Returns: false if there was no room for the compressed rows.
  private mutating func write(_ rows: PictureRows) -> Bool {
    let isLast = picture.rowCount == picture.height
    guard picture.isLarge else { return write(rows, isLast: isLast) }
    // The rows are always halved, so that equal pictures are equal files, whichever thread writes the lower half.
    let (upper, lower) = rows.halves
    let helper = helper()
    helper?.begin(lower, filter: picture.filter, isLast: isLast)
    let isWritten = write(upper, isLast: false)
    guard let helper, !helper.takeBack() else { return isWritten && write(lower, isLast: isLast) }
    return helper.finish { bytes, blocks in
      guard isWritten, let blocks else { return false }
      append(bytes.extracting(0..<blocks.count))
      checksum.add(blocks.checksum, of: lower.byteCount)
      return true
    }
  }

  /// The second thread, which is started by the first large picture. Most encoders never need it.
  private mutating func helper() -> DeflatingThread? {
    if thread == nil { thread = DeflatingThread() }
    return thread
  }

  private mutating func write(_ rows: PictureRows, isLast: Bool) -> Bool {
    reserve(count + Deflater.bound(rows.byteCount, rows: rows.count))
    let blocks = unsafe file.withUnsafeMutableBufferPointer { file in
      unsafe deflater.write(rows, filter: picture.filter, isLast: isLast, to: UnsafeMutableBufferPointer(rebasing: file[count...]))
    }
    guard let blocks else { return false }
    count += blocks.count
    checksum.add(blocks.checksum, of: rows.byteCount)
    return true
  }

  /// Finishes the file.
  package mutating func finish() throws(EncodingFailure) -> [UInt8] {
    guard picture.rowCount == picture.height, picture.rowCount > 0, count > 0 else {
      throw EncodingFailure(reason: "PNG: \(picture.rowCount) of \(picture.height) rows")
    }
    append(Self.bytes(of: checksum.value))
    let (start, end) = (picture.dataStart, count)
    file.replaceSubrange(start..<start + 4, with: Self.bytes(of: UInt32(end - start - 8)))
    append(Self.bytes(of: crc(start + 4..<end)))
    append([0, 0, 0, 0] + Array("IEND".utf8))
    append(Self.bytes(of: crc(end + 8..<end + 12)))
    defer { count = 0 }
    return Array(file[..<count])
  }

  /// PNG's CRC-32, which is also gzip's.
  private func crc(_ range: Range<Int>) -> UInt32 {
    unsafe file.withUnsafeBytes { file in unsafe libdeflate_crc32(0, file.baseAddress! + range.lowerBound, range.count) }
  }

  private static func bytes(of value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

  private mutating func append(_ bytes: [UInt8]) { append(bytes.span) }

  private mutating func append(_ bytes: Span<UInt8>) {
    reserve(count + bytes.count)
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe file.withUnsafeMutableBytes { file in unsafe UnsafeMutableRawBufferPointer(rebasing: file[count...]).copyMemory(from: bytes) }
    }
    count += bytes.count
  }

  /// Makes room for `needed` bytes of the file, and for the whole picture at once.
  private mutating func reserve(_ needed: Int) {
    guard file.count < needed else { return }
    file.makeRoom(needed + Deflater.bound(picture.byteCount, rows: picture.height), keeping: count)
  }

  /// Calls `body` with C strings of all texts.
  private static func withChunks(_ texts: ArraySlice<PNGText>, _ chunks: [cpng_text], _ body: ([cpng_text]) -> Int) -> Int {
    guard let text = texts.first else { return unsafe body(chunks) }
    return unsafe text.keyword.withCString { keyword in
      unsafe text.text.withCString { value in
        unsafe withChunks(texts.dropFirst(), chunks + [cpng_text(keyword: keyword, text: value)], body)
      }
    }
  }
}

/// A text chunk with information about the picture.
package struct PNGText: Sendable, Equatable {
  /// 1 to 79 Latin-1 characters (PNG specification, section 11.3.4.2).
  package var keyword: String
  /// Text without NUL, written as UTF-8.
  package var text: String

  package init(keyword: String, text: String) {
    self.keyword = keyword
    self.text = text
  }
}

/// The error of all encoders: the rows do not fit their size, or a library refused them.
package struct EncodingFailure: Error, Equatable {
  /// The format and the reason.
  package let reason: String
}
