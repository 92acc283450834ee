/// Decodes uploaded files, which may contain anything. Nothing is decoded, and no memory allocated for it, before the size is known and
/// accepted.
package enum ImageDecoder {
  /// The most pixels of one picture: enough for phones' photographs and panoramas.
  package static let maximumPixels = 8192 * 8192
  /// The most pixels of a picture that its library keeps in memory as a whole, which then takes 64 MiB. All others come row by row.
  package static let maximumPixelsInMemory = 4096 * 4096
  /// The longest side. A longer picture of few pixels would still have very many rows.
  package static let maximumSide = 32768

  /// Decodes a PNG, JPEG or WebP file. The first bytes tell the format.
  ///
  /// - Parameters:
  ///   - limit: the most pixels of the result, at least 1.
  ///   - allowance: the work that this file and others may take together; the cost of this one is deducted.
  package static func decode(
    _ file: Span<UInt8>, toPixels limit: Int, allowance: inout DecodingAllowance
  ) throws(DecodingError) -> DecodedImage {
    switch UploadFormat(file) {
    case .png: return try PNGDecoder.decode(file, toPixels: limit, allowance: &allowance)
    case .jpeg: return try JPEGDecoder.decode(file, toPixels: limit, allowance: &allowance)
    case .webp: return try WebPDecoder.decode(file, toPixels: limit, allowance: &allowance)
    case nil: throw DecodingError.otherFormat(OtherFormat.name(of: file))
    }
  }

  /// Decodes a file on its own.
  package static func decode(_ file: Span<UInt8>, toPixels limit: Int = .max) throws(DecodingError) -> DecodedImage {
    var allowance = DecodingAllowance.unlimited
    return try decode(file, toPixels: limit, allowance: &allowance)
  }

  /// Throws if a size is not accepted.
  static func check(width: Int, height: Int, of format: UploadFormat) throws(DecodingError) {
    guard width > 0, height > 0 else { throw .broken(format, reason: "its size is \(width)x\(height) pixels") }
    guard width <= maximumSide, height <= maximumSide, width * height <= maximumPixels else {
      throw .tooLarge(width: width, height: height)
    }
  }

  /// Makes the pixels of a picture, which `fill` writes. Nil if `fill` returns false.
  static func pixels(_ width: Int, _ height: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Bool) -> [UInt8]? {
    let count = 4 * width * height
    var isFilled = false
    // The memory is not zeroed: the decoder writes all of it, or fails and the array is dropped.
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      isFilled = unsafe fill(buffer)
      initialised = isFilled ? count : 0
    }
    return isFilled ? pixels : nil
  }
}

/// The formats of uploads.
package enum UploadFormat: Sendable, Hashable, CaseIterable {
  case png, jpeg, webp

  /// The name of the format for messages.
  package var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .webp: "WebP"
    }
  }

  /// Detects the format by the file's first bytes. A media type or a file name may be wrong.
  package init?(_ file: Span<UInt8>) {
    guard let format = Self.allCases.first(where: { $0.begins(file) }) else { return nil }
    self = format
  }

  private func begins(_ file: Span<UInt8>) -> Bool {
    switch self {
    case .png: file.has([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], at: 0)
    case .jpeg: file.has([0xff, 0xd8, 0xff], at: 0)
    case .webp: file.has(Array("RIFF".utf8), at: 0) && file.has(Array("WEBP".utf8), at: 8)
    }
  }
}

extension Span<UInt8> {
  fileprivate func has(_ bytes: [UInt8], at offset: Int) -> Bool {
    offset + bytes.count <= count && bytes.indices.allSatisfy { self[offset + $0] == bytes[$0] }
  }
}

/// The work that decoding several files may take together. The cost of a file follows from its first bytes, before any work is done: an
/// amount per pixel and an amount per byte, which were measured for each kind of file.
package struct DecodingAllowance: Sendable {
  /// Nanoseconds of one core of an AMD EPYC. Other machines need more or less time, but refuse the same files.
  package private(set) var nanoseconds: Int

  package init(milliseconds: Int) { nanoseconds = milliseconds * 1_000_000 }

  /// No limit on the sum.
  static let unlimited = DecodingAllowance(milliseconds: .max / 1_000_000)

  /// Deducts the cost of a file, or throws and deducts nothing, so that a smaller file may still pass.
  mutating func spend(_ cost: DecodingCost, on pixels: Int, _ bytes: Int) throws(DecodingError) {
    let needed = pixels * cost.perPixel + bytes * cost.perByte
    guard needed <= nanoseconds else { throw .tooMuchWork(milliseconds: needed / 1_000_000, left: nanoseconds / 1_000_000) }
    nanoseconds -= needed
  }
}

/// The cost of a kind of file in nanoseconds: per pixel, however few bytes it comes from, and per byte of the file.
struct DecodingCost {
  var perPixel: Int
  var perByte: Int
}
