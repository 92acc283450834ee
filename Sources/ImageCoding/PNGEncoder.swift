import CPNG

/// Rows of pixels to PNG: ISA-L compresses them where they lie, libpng makes the file around the stream.
///
/// A picture comes as a whole, or in bands from top to bottom, so that no more than a band of it ever lies in memory.
///
/// Keeps its buffers, so that one encoder serves its renderer for life.
package struct PNGEncoder: ~Copyable {
  private var deflater = Deflater()
  private var stream: [UInt8] = []
  private var picture = Picture(width: 0, height: 0, hasAlpha: false)

  /// The one that is encoded.
  private struct Picture {
    var width: Int
    var height: Int
    var hasAlpha: Bool
    /// That have come so far.
    var rowCount = 0

    var pixelStride: Int { hasAlpha ? 4 : 3 }
    var stride: Int { 1 + pixelStride * width }
    var colourType: CInt { hasAlpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB }
  }

  package init() {}

  /// The rows and the size do not fit each other, or libpng refused them.
  package struct Failure: Error {}

  /// Encodes 8-bit RGB or RGBA rows.
  ///
  /// - Parameters:
  ///   - rows: `height` rows of 1 + 3·`width` bytes, or 1 + 4·`width` with alpha, PNG's filter byte (0, None) first in each.
  ///   - texts: at most 8; written as iTXt chunks, uncompressed.
  package mutating func encode(
    _ rows: Span<UInt8>, width: Int, height: Int, hasAlpha: Bool = false, texts: [PNGText] = []
  ) throws(Failure) -> [UInt8] {
    begin(width: width, height: height, hasAlpha: hasAlpha)
    try add(rows)
    return try finish(texts: texts)
  }

  /// Begins a picture that comes in bands; one that was begun before and not finished is dropped.
  package mutating func begin(width: Int, height: Int, hasAlpha: Bool = false) {
    picture = Picture(width: width, height: height, hasAlpha: hasAlpha)
    deflater.begin(stride: picture.stride, pixelStride: picture.pixelStride)
  }

  /// Takes the rows that come next.
  ///
  /// - Parameter rows: some whole rows, as ``encode(_:width:height:hasAlpha:texts:)`` takes them.
  package mutating func add(_ rows: Span<UInt8>) throws(Failure) {
    let count = rows.count / picture.stride
    guard count > 0, rows.count == count * picture.stride, picture.rowCount + count <= picture.height else { throw Failure() }
    picture.rowCount += count
    reserve(deflater.count + Deflater.bound(rows.count, rows: count))
    let isLast = picture.rowCount == picture.height
    guard unsafe stream.withUnsafeMutableBufferPointer({ unsafe deflater.add(rows, isLast: isLast, to: $0) }) else { throw Failure() }
  }

  /// Makes the file of all rows that came.
  package mutating func finish(texts: [PNGText] = []) throws(Failure) -> [UInt8] {
    guard picture.rowCount == picture.height, texts.count <= 8 else { throw Failure() }
    let file = wrap(deflater.count, texts)
    guard !file.isEmpty else { throw Failure() }
    return file
  }

  /// Makes room for so many bytes of the stream, in a buffer for all of the picture at once: it is not zeroed, and what is never written
  /// is never paged in.
  private mutating func reserve(_ count: Int) {
    guard stream.count < count else { return }
    let whole = Deflater.bound(picture.stride * picture.height, rows: picture.height)
    let written = stream.prefix(deflater.count)
    unsafe stream = [UInt8](unsafeUninitializedCapacity: max(count, whole)) { buffer, initializedCount in
      _ = unsafe buffer.initialize(fromContentsOf: written)
      initializedCount = buffer.count
    }
  }

  /// Makes the file around the first `length` bytes of the stream; empty where libpng refuses.
  private func wrap(_ length: Int, _ texts: [PNGText]) -> [UInt8] {
    let capacity = length + texts.reduce(256) { $0 + $1.keyword.utf8.count + $1.text.utf8.count + 64 }
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { file, count in
      unsafe count = Self.withChunks(texts[...], []) { chunks in
        unsafe stream.withUnsafeBufferPointer { stream in
          unsafe cpng_write(
            file.baseAddress, capacity, UInt32(picture.width), UInt32(picture.height), picture.colourType, chunks,
            CInt(chunks.count), stream.baseAddress, length)
        }
      }
    }
  }

  /// Lends C strings of all texts for the length of the call.
  private static func withChunks(_ texts: ArraySlice<PNGText>, _ chunks: [cpng_text], _ body: ([cpng_text]) -> Int) -> Int {
    guard let text = texts.first else { return unsafe body(chunks) }
    return unsafe text.keyword.withCString { keyword in
      unsafe text.text.withCString { value in
        unsafe withChunks(texts.dropFirst(), chunks + [cpng_text(keyword: keyword, text: value)], body)
      }
    }
  }
}
