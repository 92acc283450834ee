/// The bytes to which an image is padded.
package enum ByteCount {
  /// The most, for one image and for all images of a response together.
  package static let most = 64 << 20

  /// The allowed values, to complete the sentence "allowed: …".
  static let allowed = "a number of bytes from 1 to 64M, such as 300000, 512K or 5M (K is 1024, M is 1024 × 1024)"

  /// Parses a whole number with an optional K or M; nil for anything else, or for more than ``most``.
  static func parse(_ text: String) -> Int? {
    let shift = ["K": 10, "M": 20][text.last ?? " "]
    let digits = shift == nil ? text[...] : text.dropLast()
    // Nine digits cannot overflow.
    guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits) else {
      return nil
    }
    let count = number << (shift ?? 0)
    return (1...most).contains(count) ? count : nil
  }
}
