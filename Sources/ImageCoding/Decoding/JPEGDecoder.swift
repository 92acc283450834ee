import CTurboJPEG
import Glibc

/// Decodes every kind of JPEG that libjpeg-turbo reads: grey, YCbCr, RGB, CMYK, baseline or progressive. The EXIF orientation turns the
/// picture upright.
enum JPEGDecoder {
  /// - Parameter limit: the most pixels of the result; a larger picture is decoded at a smaller size.
  static func decode(
    _ file: Span<UInt8>, toPixels limit: Int, allowance: inout DecodingAllowance
  ) throws(DecodingError) -> DecodedImage {
    guard let decompressor = unsafe tjInitDecompress() else { throw .broken(.jpeg, reason: "no memory is left") }
    defer { unsafe tjDestroy(decompressor) }
    let header = try unsafe header(of: file, decompressor)
    try ImageDecoder.check(width: header.width, height: header.height, of: .jpeg)
    let markers = JPEGMarkers(file)
    // Most readers show files for which libjpeg-turbo only warns, and so do we. But a truncated file is refused.
    guard markers.isComplete else { throw .broken(.jpeg, reason: "it ends before its end-of-image marker") }
    guard markers.scanCount <= maximumScans else {
      throw .broken(.jpeg, reason: "it has \(markers.scanCount) scans, and at most \(maximumScans) are accepted")
    }
    if markers.isKeptWhole, header.width * header.height * header.coefficientBytesPerPixel > maximumCoefficientBytes {
      throw .tooLarge(width: header.width, height: header.height)
    }
    try allowance.spend(cost(of: header, markers), on: header.width * header.height, file.count)
    let format = header.isCMYK ? TJPF_CMYK : TJPF_RGBA
    let eighths = eighths(header, toPixels: limit)
    let (width, height) = (scaled(header.width, eighths), scaled(header.height, eighths))
    let pixels = unsafe ImageDecoder.pixels(width, height) { pixels in
      unsafe file.withUnsafeBufferPointer { file in
        // TurboJPEG calls an error behind a warning a warning too. Only if the last pixel is written, all are.
        let last = unsafe UnsafeMutableBufferPointer(rebasing: pixels.suffix(4))
        _ = unsafe last.update(from: unwritten)
        let status = unsafe tjDecompress2(
          decompressor, file.baseAddress, UInt(file.count), pixels.baseAddress, CInt(width), 0, CInt(height), format.rawValue,
          TJFLAG_ACCURATEDCT)
        return unsafe status == 0 || tjGetErrorCode(decompressor) == TJERR_WARNING.rawValue && !last.elementsEqual(unwritten)
      }
    }
    guard var pixels else { throw unsafe problem(of: decompressor) }
    if header.isCMYK { pixels.convertFromInvertedCMYK() }
    let original = DecodedImage.Size(width: header.width, height: header.height)
    return DecodedImage(width: width, height: height, hasAlpha: false, pixels: pixels, originalSize: original)
      .upright(from: markers.orientation).reduced(toPixels: limit)
  }

  /// A pixel that no picture without alpha has. As CMYK it is unlikely.
  private static let unwritten: [UInt8] = [1, 254, 3, 252]

  /// Each of several scans visits every block, even if it holds nothing for that block.
  private static func cost(of header: Header, _ markers: JPEGMarkers) -> DecodingCost {
    let kept = markers.isKeptWhole ? header.coefficientBytesPerPixel * (8 + markers.scanCount) / 8 : 0
    // Arithmetic coding can hide many decisions in few bits, and each takes a while.
    let decisions = markers.isArithmetic ? header.coefficientBytesPerPixel * 4 : 0
    return DecodingCost(perPixel: 2 + kept + decisions, perByte: markers.isArithmetic ? 200 : 16)
  }

  /// The eighths of its size at which to decode a picture. libjpeg-turbo can decode a block of 8x8 pixels to as few as 1x1, which takes
  /// less time and memory than decoding all pixels and dropping most.
  private static func eighths(_ header: Header, toPixels limit: Int) -> Int {
    (1...8).last { scaled(header.width, $0) * scaled(header.height, $0) <= limit } ?? 1
  }

  private static func scaled(_ side: Int, _ eighths: Int) -> Int { (side * eighths + 7) / 8 }

  /// The most scans. Each scan of a progressive file visits the whole picture; ten are usual, and thousands are an attack.
  static let maximumScans = 50

  /// The most memory for coefficients, which libjpeg-turbo keeps for a file in several scans, two bytes each: 96 MiB is enough for 16
  /// megapixels with full chroma, or 32 with halved chroma.
  private static let maximumCoefficientBytes = 96 << 20

  private struct Header {
    var width: Int
    var height: Int
    var isCMYK: Bool
    /// The bytes of all components' coefficients per pixel, if they are kept.
    var coefficientBytesPerPixel: Int
  }

  private static func header(of file: Span<UInt8>, _ decompressor: tjhandle) throws(DecodingError) -> Header {
    var (width, height, sampling, space): (CInt, CInt, CInt, CInt) = (0, 0, -1, -1)
    // Fails after a mere warning and for a sampling without a name as well, and then the sizes are there nevertheless.
    _ = unsafe file.withUnsafeBufferPointer { file in
      unsafe tjDecompressHeader3(decompressor, file.baseAddress, UInt(file.count), &width, &height, &sampling, &space)
    }
    guard width > 0, height > 0, space >= 0 else { throw unsafe problem(of: decompressor) }
    let isCMYK = space == CInt(TJCS_CMYK.rawValue) || space == CInt(TJCS_YCCK.rawValue)
    return Header(
      width: Int(width), height: Int(height), isCMYK: isCMYK,
      coefficientBytesPerPixel: coefficientBytesPerPixel(sampling, isCMYK: isCMYK))
  }
}

extension JPEGDecoder {
  /// libjpeg-turbo's reason for its last failure.
  private static func problem(of decompressor: tjhandle) -> DecodingError {
    guard let words = unsafe tjGetErrorStr2(decompressor) else { return .broken(.jpeg, words: []) }
    return unsafe .broken(.jpeg, words: Array(UnsafeBufferPointer(start: words, count: strlen(words))))
  }

  private static func coefficientBytesPerPixel(_ sampling: CInt, isCMYK: Bool) -> Int {
    guard !isCMYK else { return 8 }
    switch TJSAMP(UInt32(bitPattern: sampling)) {
    case TJSAMP_GRAY: return 2
    case TJSAMP_420, TJSAMP_411: return 3
    case TJSAMP_422, TJSAMP_440: return 4
    // Full chroma, or an unnamed sampling.
    default: return 6
    }
  }
}

extension [UInt8] {
  /// Converts CMYK, in which 255 means no ink, to RGBA. Adobe's files are stored this way, and most readers take others to be as well.
  /// Without a colour profile, this is a rough approximation, the same as in browsers and Pillow.
  fileprivate mutating func convertFromInvertedCMYK() {
    var bytes = mutableSpan
    for pixel in Swift.stride(from: 0, to: bytes.count, by: 4) {
      let paper = UInt16(bytes[pixel + 3])
      for channel in pixel..<pixel + 3 { bytes[channel] = UInt8(UInt16(bytes[channel]) * paper / 255) }
      bytes[pixel + 3] = 255
    }
  }
}
