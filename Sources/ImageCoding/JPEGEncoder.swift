import CTurboJPEG

/// Rows of pixels to a JPEG file, by libjpeg-turbo.
package enum JPEGEncoder {
  /// Encodes 8-bit RGB rows.
  ///
  /// - Parameters:
  ///   - rows: `height` rows of 1 + 3·`width` bytes; the first byte of each, PNG's filter byte, is left out.
  ///   - quality: 0 to 100, on the scale of the Independent JPEG Group; 0 counts as 1, which is the lowest it knows.
  package static func encode(_ rows: Span<UInt8>, width: Int, height: Int, quality: Int) throws(EncodingFailure) -> [UInt8] {
    let pitch = 1 + 3 * width
    guard width > 0, rows.count == pitch * height else { throw EncodingFailure(reason: "JPEG: rows of another size") }
    guard let compressor = unsafe tjInitCompress() else { throw EncodingFailure(reason: "JPEG: no memory") }
    defer { unsafe tjDestroy(compressor) }
    var file: UnsafeMutablePointer<UInt8>?
    defer { unsafe tjFree(file) }
    var length: UInt = 0
    // Colour is not sampled down: prompts are thin strokes on bright colours, which 4:2:0 blurs.
    let status = unsafe rows.withUnsafeBufferPointer { rows in
      unsafe tjCompress2(
        compressor, rows.baseAddress! + 1, CInt(width), CInt(pitch), CInt(height), CInt(TJPF_RGB.rawValue), &file, &length,
        CInt(TJSAMP_444.rawValue), CInt(min(max(quality, 1), 100)), 0)
    }
    guard status == 0, let file = unsafe file else {
      throw EncodingFailure(reason: unsafe "JPEG: \(String(cString: tjGetErrorStr2(compressor)))")
    }
    return unsafe Array(UnsafeBufferPointer(start: file, count: Int(length)))
  }
}
