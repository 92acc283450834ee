/// Files that someone sent to pixels, whatever they are: nothing is decoded, and no memory taken for it, before the size is known.
package enum ImageDecoder {
  /// Of one picture: what phones take, and panoramas.
  package static let maximumPixels = 8192 * 8192
  /// Of one that its library has in memory as a whole, which is then 64 MiB; all others come row by row.
  package static let maximumPixelsInMemory = 4096 * 4096
  /// Beyond it, a picture of few pixels is still rows by the thousand.
  package static let maximumSide = 32768

  /// Decodes a PNG, JPEG or WebP file, told apart by their first bytes.
  ///
  /// - Parameters:
  ///   - limit: how many pixels to reduce it to, at least 1.
  ///   - allowance: what the file and others may cost, of which this one's cost goes.
  package static func decode(
    _ file: Span<UInt8>, toPixels limit: Int, allowance: inout DecodingAllowance
  ) throws(DecodingError) -> DecodedImage {
    switch UploadFormat(file) {
    case .png: return try PNGDecoder.decode(file, toPixels: limit, allowance: &allowance)
    case .jpeg: return try JPEGDecoder.decode(file, toPixels: limit, allowance: &allowance)
    case .webp: return try WebPDecoder.decode(file, toPixels: limit, allowance: &allowance)
    case nil: throw DecodingError.notAnImage
    }
  }

  /// Decodes a file on its own.
  package static func decode(_ file: Span<UInt8>, toPixels limit: Int = .max) throws(DecodingError) -> DecodedImage {
    var allowance = DecodingAllowance.unlimited
    return try decode(file, toPixels: limit, allowance: &allowance)
  }

  /// Refuses a size that is not decoded.
  static func check(width: Int, height: Int, of format: UploadFormat) throws(DecodingError) {
    guard width > 0, height > 0 else { throw .broken(format) }
    guard width <= maximumSide, height <= maximumSide, width * height <= maximumPixels else {
      throw .tooLarge(width: width, height: height)
    }
  }

  /// Makes the pixels of a picture, which `fill` writes; nil where it returns false.
  static func pixels(_ width: Int, _ height: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Bool) -> [UInt8]? {
    let count = 4 * width * height
    var isFilled = false
    // Not zeroed: the decoder writes all of it, and what it leaves when it fails goes with the array.
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      isFilled = unsafe fill(buffer)
      initialised = isFilled ? count : 0
    }
    return isFilled ? pixels : nil
  }
}

/// The formats in which pictures are sent.
package enum UploadFormat: Sendable, Hashable, CaseIterable {
  case png, jpeg, webp

  /// As people write it.
  package var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .webp: "WebP"
    }
  }

  /// Tells the format by the file's first bytes; a media type or a name says what someone believed.
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

/// Why a file that someone sent is not taken for a picture.
package enum DecodingError: Error, Equatable {
  /// It is none of the formats that are read, whatever its name or media type says.
  case notAnImage
  /// It says that it is larger than is decoded; nothing of it was.
  case tooLarge(width: Int, height: Int)
  /// It is more work than is left for it; none was done.
  case tooMuchWork(milliseconds: Int, left: Int)
  /// It is of that format, but damaged or cut short.
  case broken(UploadFormat)
  /// It holds several pictures, of which none is *the* picture.
  case animated(UploadFormat)
}

extension DecodingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAnImage: "not a PNG, JPEG or WebP file"
    case .tooLarge(let width, let height):
      "\(width)x\(height) pixels; at most \(ImageDecoder.maximumPixels) pixels and \(ImageDecoder.maximumSide) a side are accepted, and "
        + "\(ImageDecoder.maximumPixelsInMemory) pixels for a lossless or transparent WebP or a progressive JPEG"
    case .tooMuchWork(let milliseconds, let left):
      "\(milliseconds) ms to decode, and \(left) ms are left for the images of this request"
    case .broken(let format): "a damaged or truncated \(format.name) file"
    case .animated(let format): "an animated \(format.name) file; only still images are accepted"
    }
  }
}

/// How much work the decoding of several files may be together. What a file takes is known by its first bytes, before any of it is done: so
/// much for each of its pixels and each of its bytes, which was measured for each kind of file.
package struct DecodingAllowance: Sendable {
  /// Nanoseconds of one core of an AMD EPYC. Other machines take longer or shorter, but refuse the same files.
  package private(set) var nanoseconds: Int

  package init(milliseconds: Int) { nanoseconds = milliseconds * 1_000_000 }

  /// No limit but each file's own.
  static let unlimited = DecodingAllowance(milliseconds: .max / 1_000_000)

  /// Takes the cost of a file, or refuses it and takes nothing, so that a smaller one may still pass.
  mutating func spend(_ cost: DecodingCost, on pixels: Int, _ bytes: Int) throws(DecodingError) {
    let needed = pixels * cost.perPixel + bytes * cost.perByte
    guard needed <= nanoseconds else { throw .tooMuchWork(milliseconds: needed / 1_000_000, left: nanoseconds / 1_000_000) }
    nanoseconds -= needed
  }
}

/// What a kind of file takes, in nanoseconds: for a pixel, however few bytes it comes from, and for a byte of the file.
struct DecodingCost {
  var perPixel: Int
  var perByte: Int
}
