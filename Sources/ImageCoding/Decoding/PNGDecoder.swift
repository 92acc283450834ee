import CPNG

/// PNG of any kind: palette, grey, 16 bits, interlaced, with alpha or a transparent colour.
enum PNGDecoder {
  static func decode(_ file: Span<UInt8>) throws(DecodingError) -> DecodedImage {
    // The signature, and the length, type and content of IHDR (specification, sections 5.2 and 11.2.2).
    guard file.count >= 33 else { throw .broken(.png) }
    let (width, height) = (file.bigEndian32(at: 16), file.bigEndian32(at: 20))
    try ImageDecoder.check(width: width, height: height, of: .png)
    var hasAlpha: CInt = 0
    let pixels = unsafe ImageDecoder.pixels(width, height) { pixels in
      unsafe file.withUnsafeBufferPointer { file in
        unsafe cpng_read(file.baseAddress, file.count, UInt32(width), UInt32(height), pixels.baseAddress, &hasAlpha) == 1
      }
    }
    guard let pixels else { throw .broken(.png) }
    return DecodedImage(width: width, height: height, hasAlpha: hasAlpha != 0, pixels: pixels)
  }
}

extension Span<UInt8> {
  fileprivate func bigEndian32(at offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(self[offset + $1]) } }
}
