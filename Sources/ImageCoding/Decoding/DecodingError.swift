/// The reason why an upload is refused.
package enum DecodingError: Error, Equatable {
  /// The file has none of the accepted formats, whatever its name or media type says; nil if its format is not known either.
  case otherFormat(String?)
  /// The picture is larger than the limits; nothing of it was decoded.
  case tooLarge(width: Int, height: Int)
  /// Decoding takes more work than is left; none was done.
  case tooMuchWork(milliseconds: Int, left: Int)
  /// The file has this format, but it is damaged or truncated, or it has a kind of compression that the decoder does not know.
  case broken(UploadFormat, reason: String)
  /// The file is an animation, and none of its frames is *the* picture.
  case animated(UploadFormat)
}

extension DecodingError: CustomStringConvertible {
  /// A phrase that begins in lower case and has no period. Only ASCII, because it may become a header.
  package var description: String {
    switch self {
    case .otherFormat(let name?): "\(name), but only PNG, JPEG and WebP files are accepted"
    case .otherFormat(nil): "not a PNG, JPEG or WebP file"
    case .tooLarge(let width, let height):
      "\(width)x\(height) pixels; at most \(ImageDecoder.maximumPixels) pixels and \(ImageDecoder.maximumSide) a side are accepted, and "
        + "\(ImageDecoder.maximumPixelsInMemory) pixels for a lossless or transparent WebP or a progressive JPEG"
    case .tooMuchWork(let milliseconds, let left):
      "\(milliseconds) ms to decode, and \(left) ms are left for the images of this request"
    case .broken(let format, let reason): "a \(format.name) file that cannot be decoded: \(reason)"
    case .animated(let format): "an animated \(format.name) file; only still images are accepted"
    }
  }

  /// The words of a C library, without anything that does not belong in a header.
  static func broken(_ format: UploadFormat, words: [CChar]) -> DecodingError {
    let bytes = words.prefix { $0 != 0 }.map { (32...126).contains($0) ? UInt8($0) : UInt8(ascii: "?") }
    return .broken(format, reason: bytes.isEmpty ? "its data is damaged" : String(decoding: bytes, as: UTF8.self))
  }
}

/// Formats that people send although they are not accepted. They are only named.
enum OtherFormat {
  /// `a GIF file`; nil for an unknown format.
  static func name(of file: Span<UInt8>) -> String? {
    guard file.count > 0 else { return "an empty file" }
    if has("ftyp", in: file, at: 4) { return names.first { has($0.signature, in: file, at: 8) }?.name ?? "a video or ISO media file" }
    return signatures.first { has($0.signature, in: file, at: 0) }?.name
  }

  /// What a file begins with, as bytes below 256.
  private static let signatures: [(signature: String, name: String)] = [
    ("GIF8", "a GIF file"), ("BM", "a BMP file"), ("II*\0", "a TIFF file"), ("MM\0*", "a TIFF file"), ("%PDF", "a PDF file"),
    ("<svg", "an SVG file"), ("<?xml", "an XML or SVG file"), ("\u{ff}\n", "a JPEG XL file"), ("\0\0\0\u{c}JXL ", "a JPEG XL file"),
    ("\0\0\0\u{c}jP  ", "a JPEG 2000 file"), ("\u{ff}O\u{ff}Q", "a JPEG 2000 file"), ("8BPS", "a Photoshop file"),
    ("\0\0\u{1}\0", "an icon file"), ("PK", "a ZIP file"), ("<!DOCTYPE", "an HTML page"), ("<html", "an HTML page"), ("{", "a JSON text"),
    ("data:", "a data: URL instead of its content"), ("iVBORw0KGgo", "the base64 of a PNG file"), ("/9j/", "the base64 of a JPEG file"),
    ("UklGR", "the base64 of a WebP file"),
  ]

  /// Brands of files in the ISO base media format, in which phones store photographs.
  private static let names: [(signature: String, name: String)] = [
    ("heic", "a HEIC file"), ("heix", "a HEIC file"), ("hevc", "a HEIC file"), ("mif1", "a HEIF file"), ("msf1", "a HEIF file"),
    ("avif", "an AVIF file"), ("avis", "an AVIF file"),
  ]

  private static func has(_ signature: String, in file: Span<UInt8>, at offset: Int) -> Bool {
    let scalars = Array(signature.unicodeScalars)
    return offset + scalars.count <= file.count && scalars.indices.allSatisfy { UInt32(file[offset + $0]) == scalars[$0].value }
  }
}
