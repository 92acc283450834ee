import CPNG

/// Rows of pixels to PNG: ISA-L compresses them where they lie, libpng makes the file around the stream.
///
/// Keeps its buffers, so that one encoder serves its renderer for life.
package struct PNGEncoder: ~Copyable {
  private let deflater = Deflater()
  private var stream: [UInt8] = []

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
    let pixelStride = hasAlpha ? 4 : 3
    let stride = 1 + pixelStride * width
    guard rows.count == stride * height, texts.count <= 8 else { throw Failure() }
    let bound = Deflater.bound(rows.count, rows: height)
    // Not zeroed: what is never written is never paged in.
    if stream.count < bound { stream = unsafe [UInt8](unsafeUninitializedCapacity: bound) { $1 = bound } }
    let length = unsafe stream.withUnsafeMutableBufferPointer {
      unsafe deflater.deflate(rows, stride: stride, pixelStride: pixelStride, into: $0)
    }
    guard let length else { throw Failure() }
    let file = wrap(length, width, height, hasAlpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, texts)
    guard !file.isEmpty else { throw Failure() }
    return file
  }

  /// Makes the file around the first `length` bytes of the stream; empty where libpng refuses.
  private func wrap(_ length: Int, _ width: Int, _ height: Int, _ colourType: CInt, _ texts: [PNGText]) -> [UInt8] {
    let capacity = length + texts.reduce(256) { $0 + $1.keyword.utf8.count + $1.text.utf8.count + 64 }
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { file, count in
      unsafe count = Self.withChunks(texts[...], []) { chunks in
        unsafe stream.withUnsafeBufferPointer { stream in
          unsafe cpng_write(
            file.baseAddress, capacity, UInt32(width), UInt32(height), colourType, chunks, CInt(chunks.count),
            stream.baseAddress, length)
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
