import CTurboJPEG

/// JPEG of any kind that libjpeg-turbo reads: grey, YCbCr, RGB, CMYK, baseline or progressive, turned upright by its EXIF orientation.
enum JPEGDecoder {
  static func decode(_ file: Span<UInt8>) throws(DecodingError) -> DecodedImage {
    guard let decompressor = unsafe tjInitDecompress() else { throw .broken(.jpeg) }
    defer { unsafe tjDestroy(decompressor) }
    let header = try unsafe header(of: file, decompressor)
    try ImageDecoder.check(width: header.width, height: header.height, of: .jpeg)
    let markers = JPEGMarkers(file)
    // What libjpeg-turbo merely warns of is what most readers show as well; a file that stops before its end is not a picture.
    guard markers.isComplete, markers.scanCount <= maximumScans else { throw .broken(.jpeg) }
    let format = header.isCMYK ? TJPF_CMYK : TJPF_RGBA
    let pixels = unsafe ImageDecoder.pixels(header.width, header.height) { pixels in
      unsafe file.withUnsafeBufferPointer { file in
        let status = unsafe tjDecompress2(
          decompressor, file.baseAddress, UInt(file.count), pixels.baseAddress, CInt(header.width), 0, CInt(header.height),
          format.rawValue, TJFLAG_ACCURATEDCT)
        return unsafe status == 0 || tjGetErrorCode(decompressor) == TJERR_WARNING.rawValue
      }
    }
    guard var pixels else { throw .broken(.jpeg) }
    if header.isCMYK { pixels.convertFromCMYK(isInverted: markers.isAdobe) }
    return DecodedImage(width: header.width, height: header.height, hasAlpha: false, pixels: pixels).upright(from: markers.orientation)
  }

  /// Each scan of a progressive file visits the whole picture: ten is usual, and thousands are an attack.
  static let maximumScans = 50

  private struct Header {
    var width: Int
    var height: Int
    var isCMYK: Bool
  }

  private static func header(of file: Span<UInt8>, _ decompressor: tjhandle) throws(DecodingError) -> Header {
    var (width, height, sampling, space): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
    let status = unsafe file.withUnsafeBufferPointer { file in
      unsafe tjDecompressHeader3(decompressor, file.baseAddress, UInt(file.count), &width, &height, &sampling, &space)
    }
    guard status == 0 else { throw .broken(.jpeg) }
    let isCMYK = space == CInt(TJCS_CMYK.rawValue) || space == CInt(TJCS_YCCK.rawValue)
    return Header(width: Int(width), height: Int(height), isCMYK: isCMYK)
  }
}

extension [UInt8] {
  /// Makes RGBA of ink. Without a colour profile that is a rough guess, as every browser makes it.
  ///
  /// - Parameter isInverted: whether 255 is no ink, as in all files of Adobe's.
  fileprivate mutating func convertFromCMYK(isInverted: Bool) {
    let flip: UInt8 = isInverted ? 0 : 255
    var bytes = mutableSpan
    for pixel in Swift.stride(from: 0, to: bytes.count, by: 4) {
      let paper = UInt16(bytes[pixel + 3] ^ flip)
      for channel in pixel..<pixel + 3 { bytes[channel] = UInt8(UInt16(bytes[channel] ^ flip) * paper / 255) }
      bytes[pixel + 3] = 255
    }
  }
}
