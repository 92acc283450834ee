import CWebP

/// Encodes rows of pixels as WebP, by libwebp.
package enum WebPEncoder {
  /// The longest side that the format allows.
  package static let maximumSide = Int(WEBP_MAX_DIMENSION)

  /// Encodes 8-bit RGB or RGBA rows.
  ///
  /// - Parameters:
  ///   - rows: `height` rows of 1 + 3·`width` bytes, or 1 + 4·`width` with alpha; the first byte of each, PNG's filter byte, is ignored.
  ///   - quality: 0 to 100, on libwebp's scale; alpha is lossless.
  ///   - metadata: an XMP packet.
  package static func encode(
    _ rows: Span<UInt8>, width: Int, height: Int, hasAlpha: Bool = false, quality: Int, metadata: String = ""
  ) throws(EncodingFailure) -> [UInt8] {
    var config = try configuration(quality: quality, hasAlpha: hasAlpha)
    var picture = try unsafe picture(of: rows, width: width, height: height, hasAlpha: hasAlpha, isARGB: config.lossless != 0)
    defer { unsafe WebPPictureFree(&picture) }
    let file = try unsafe write(&picture, &config)
    return metadata.isEmpty ? file : try adding(Array(metadata.utf8), to: file)
  }

  /// Imports rows, as ``encode(_:width:height:hasAlpha:quality:metadata:)`` takes them.
  ///
  /// - Parameter isARGB: whether the pixels are kept as they are, rather than as brightness and colour.
  /// - Returns: a picture that the caller frees.
  static func picture(
    of rows: Span<UInt8>, width: Int, height: Int, hasAlpha: Bool, isARGB: Bool
  ) throws(EncodingFailure) -> WebPPicture {
    let stride = 1 + (hasAlpha ? 4 : 3) * width
    guard (1...maximumSide).contains(width), (1...maximumSide).contains(height), rows.count == stride * height else {
      throw EncodingFailure(reason: "WebP: rows of another size")
    }
    var picture = unsafe WebPPicture()
    guard unsafe WebPPictureInit(&picture) != 0 else { throw EncodingFailure(reason: "WebP: another version of libwebp") }
    unsafe (picture.width, picture.height, picture.use_argb) = (CInt(width), CInt(height), isARGB ? 1 : 0)
    let isImported = unsafe rows.withUnsafeBufferPointer { rows in
      let pixels = unsafe rows.baseAddress! + 1
      return unsafe hasAlpha
        ? WebPPictureImportRGBA(&picture, pixels, CInt(stride)) != 0 : WebPPictureImportRGB(&picture, pixels, CInt(stride)) != 0
    }
    guard isImported else {
      unsafe WebPPictureFree(&picture)
      throw EncodingFailure(reason: "WebP: no memory")
    }
    return unsafe picture
  }

  /// Chooses the fast end of libwebp's scales: a placeholder should take milliseconds, and the slow end saves only a few per cent of its
  /// bytes.
  static func configuration(quality: Int, hasAlpha: Bool) throws(EncodingFailure) -> WebPConfig {
    var config = WebPConfig()
    guard unsafe WebPConfigInit(&config) != 0 else { throw EncodingFailure(reason: "WebP: another version of libwebp") }
    config.quality = Float(min(max(quality, 0), 100))
    // At quality 100, method 0 takes three quarters of method 1's time for as many bytes. Below that, it writes half as many bytes again
    // for a plain picture, and ten times as many or more for alpha, which is lossless.
    config.method = quality < 100 || hasAlpha ? 1 : 0
    return config
  }

  private static func write(_ picture: inout WebPPicture, _ config: inout WebPConfig) throws(EncodingFailure) -> [UInt8] {
    var writer = unsafe WebPMemoryWriter()
    unsafe WebPMemoryWriterInit(&writer)
    defer { unsafe WebPMemoryWriterClear(&writer) }
    let isWritten = unsafe withUnsafeMutablePointer(to: &writer) { writer in
      unsafe picture.writer = WebPMemoryWrite
      unsafe picture.custom_ptr = UnsafeMutableRawPointer(writer)
      return unsafe WebPEncode(&config, &picture) != 0
    }
    guard isWritten else { throw unsafe EncodingFailure(reason: "WebP: error \(picture.error_code.rawValue)") }
    return unsafe Array(UnsafeBufferPointer(start: writer.mem, count: writer.size))
  }

  /// Adds a chunk to the file. It needs a header that announces it; libwebpmux writes both.
  static func adding(_ metadata: [UInt8], to file: [UInt8]) throws(EncodingFailure) -> [UInt8] {
    let whole = unsafe file.withUnsafeBufferPointer { file in
      unsafe metadata.withUnsafeBufferPointer { metadata in
        var image = unsafe WebPData(bytes: file.baseAddress, size: file.count)
        var packet = unsafe WebPData(bytes: metadata.baseAddress, size: metadata.count)
        guard let mux = unsafe WebPMuxCreate(&image, 0) else { return nil as [UInt8]? }
        defer { unsafe WebPMuxDelete(mux) }
        var whole = unsafe WebPData()
        defer { unsafe WebPDataClear(&whole) }
        guard unsafe WebPMuxSetChunk(mux, "XMP ", &packet, 0) == WEBP_MUX_OK, unsafe WebPMuxAssemble(mux, &whole) == WEBP_MUX_OK else {
          return nil
        }
        return unsafe Array(UnsafeBufferPointer(start: whole.bytes, count: whole.size))
      }
    }
    guard let whole else { throw EncodingFailure(reason: "WebP: metadata refused") }
    return whole
  }
}
