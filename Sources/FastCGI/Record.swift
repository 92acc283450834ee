/// FastCGI's framing of an answer (specification 1.0, section 3.3 and 8): what is written, libfcgi never does.
///
/// ```
/// version 1 │ type │ request id, 2 bytes │ content length, 2 bytes │ padding length │ reserved
/// ```
enum Record {
  static let headerSize = 8
  /// The longest content of one record: 65535, taken down to a multiple of 8 so that none needs padding but the last.
  static let longestContent = 65528

  static func appendHeader(_ type: RecordType, id: UInt16, length: Int, to bytes: inout [UInt8]) {
    bytes += [1, type.rawValue, UInt8(id >> 8), UInt8(id & 0xff), UInt8(length >> 8), UInt8(length & 0xff), 0, 0]
  }

  /// The end of standard output, then the end of the request: application status 0, protocol status 0 (request complete).
  static func appendEnd(id: UInt16, to bytes: inout [UInt8]) {
    appendHeader(.standardOutput, id: id, length: 0, to: &bytes)
    appendHeader(.endRequest, id: id, length: 8, to: &bytes)
    bytes += [0, 0, 0, 0, 0, 0, 0, 0]
  }
}

enum RecordType: UInt8 {
  case endRequest = 3
  case standardOutput = 6
}
