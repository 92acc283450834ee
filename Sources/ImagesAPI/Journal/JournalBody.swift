import FastCGI
import Hashing
import Journal

/// What the journal keeps of a request's body: a short one whole, of a form its fields, of another long one what it is told from others
/// by. So nobody holds an upload for the journal's sake, which hears of a request when it is answered.
enum JournalBody: Sendable {
  case short([UInt8])
  case long(count: Int, checksum: UInt32)
  /// A form's fields, whatever its length.
  case form(JournalValue, count: Int, checksum: UInt32)
  /// It has none, or none that came whole.
  case none

  /// Bytes of the longest one that is kept whole; no prompt makes a longer one.
  private static let longest = 256 << 10

  init(_ body: Request.Body, contentType: String?) {
    guard case .whole(let bytes) = body, !bytes.isEmpty else {
      self = .none
      return
    }
    if let fields = JournalValue(form: bytes, contentType: contentType) {
      self = .form(fields, count: bytes.count, checksum: crc32(bytes[...]))
      return
    }
    self = bytes.count <= Self.longest ? .short(bytes) : .long(count: bytes.count, checksum: crc32(bytes[...]))
  }

  /// Its length and its CRC-32.
  var digest: (count: Int, checksum: UInt32)? {
    switch self {
    case .short(let bytes): (bytes.count, crc32(bytes[...]))
    case .long(let count, let checksum), .form(_, let count, let checksum): (count, checksum)
    case .none: nil
    }
  }
}
