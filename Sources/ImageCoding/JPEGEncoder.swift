import CTurboJPEG

/// Encodes rows of pixels as JPEG, by libjpeg-turbo.
package enum JPEGEncoder {
  /// Encodes 8-bit RGB rows.
  ///
  /// - Parameters:
  ///   - rows: `height` rows of 1 + 3·`width` bytes; the first byte of each, PNG's filter byte, is ignored.
  ///   - quality: 0 to 100, on the scale of the Independent JPEG Group; 0 counts as 1, the lowest value of that scale.
  ///   - comment: the comment in the file, at most ``longestComment`` bytes.
  package static func encode(
    _ rows: Span<UInt8>, width: Int, height: Int, quality: Int, comment: String = ""
  ) throws(EncodingFailure) -> [UInt8] {
    let pitch = 1 + 3 * width
    guard width > 0, rows.count == pitch * height else { throw EncodingFailure(reason: "JPEG: rows of another size") }
    guard comment.utf8.count <= longestComment else { throw EncodingFailure(reason: "JPEG: a comment that is too long") }
    guard let compressor = unsafe tjInitCompress() else { throw EncodingFailure(reason: "JPEG: no memory") }
    defer { unsafe tjDestroy(compressor) }
    var file: UnsafeMutablePointer<UInt8>?
    defer { unsafe tjFree(file) }
    var length: UInt = 0
    // Colour is not subsampled: prompts are thin strokes on bright colours, which 4:2:0 blurs.
    let status = unsafe rows.withUnsafeBufferPointer { rows in
      unsafe tjCompress2(
        compressor, rows.baseAddress! + 1, CInt(width), CInt(pitch), CInt(height), CInt(TJPF_RGB.rawValue), &file, &length,
        CInt(TJSAMP_444.rawValue), CInt(min(max(quality, 1), 100)), 0)
    }
    guard status == 0, let file = unsafe file else {
      throw EncodingFailure(reason: unsafe "JPEG: \(String(cString: tjGetErrorStr2(compressor)))")
    }
    var bytes = unsafe Array(UnsafeBufferPointer(start: file, count: Int(length)))
    // The comment goes behind libjpeg-turbo's JFIF header: the start-of-image marker and a segment that begins with its length.
    if !comment.isEmpty { bytes.insert(contentsOf: segment(of: comment), at: 4 + Int(bytes[4]) << 8 + Int(bytes[5])) }
    return bytes
  }

  /// The bytes of the longest comment. The length of a segment (T.81, B.2.4.5) has 16 bits and includes itself. Readers take only one segment
  /// for the comment.
  package static let longestComment = 0xffff - 2

  private static func segment(of comment: String) -> [UInt8] {
    let length = comment.utf8.count + 2
    return [0xff, 0xfe, UInt8(length >> 8), UInt8(length & 0xff)] + Array(comment.utf8)
  }
}
