import CTurboJPEG

/// Encodes rows of pixels as a JPEG file, with libjpeg-turbo.
package enum JPEGEncoder {
  /// Encodes 8-bit RGB rows.
  ///
  /// - Parameters:
  ///   - rows: `height` rows of 1 + 3·`width` bytes; the first byte of each, PNG's filter byte, is left out.
  ///   - quality: 0 to 100, on the scale of the Independent JPEG Group; 0 counts as 1, which is its lowest value.
  ///   - comment: the description of the image in the file.
  package static func encode(
    _ rows: Span<UInt8>, width: Int, height: Int, quality: Int, comment: String = ""
  ) throws(EncodingFailure) -> [UInt8] {
    let pitch = 1 + 3 * width
    guard width > 0, rows.count == pitch * height else { throw EncodingFailure(reason: "JPEG: rows do not match the size") }
    guard let compressor = unsafe tjInitCompress() else { throw EncodingFailure(reason: "JPEG: out of memory") }
    defer { unsafe tjDestroy(compressor) }
    var file: UnsafeMutablePointer<UInt8>?
    defer { unsafe tjFree(file) }
    var length: UInt = 0
    // Chroma is not subsampled: prompts are thin strokes on bright colours, which 4:2:0 blurs.
    let status = unsafe rows.withUnsafeBufferPointer { rows in
      unsafe tjCompress2(
        compressor, rows.baseAddress! + 1, CInt(width), CInt(pitch), CInt(height), CInt(TJPF_RGB.rawValue), &file, &length,
        CInt(TJSAMP_444.rawValue), CInt(min(max(quality, 1), 100)), 0)
    }
    guard status == 0, let file = unsafe file else {
      throw EncodingFailure(reason: unsafe "JPEG: \(String(cString: tjGetErrorStr2(compressor)))")
    }
    var bytes = unsafe Array(UnsafeBufferPointer(start: file, count: Int(length)))
    // After libjpeg-turbo's JFIF header: the start-of-image marker, then a segment with its length.
    if !comment.isEmpty { bytes.insert(contentsOf: segments(of: comment), at: 4 + Int(bytes[4]) << 8 + Int(bytes[5])) }
    return bytes
  }

  /// Comment segments (T.81, B.2.4.5): as many as necessary, because the length of each has 16 bits and includes itself.
  private static func segments(of comment: String) -> [UInt8] {
    var segments: [UInt8] = []
    var rest = Array(comment.utf8)[...]
    while !rest.isEmpty {
      let part = rest.prefix(0xffff - 2)
      rest = rest.dropFirst(part.count)
      segments += [0xff, 0xfe, UInt8((part.count + 2) >> 8), UInt8((part.count + 2) & 0xff)] + part
    }
    return segments
  }
}
