import FoundationEssentials
import Testing

@testable import JSON

/// How documents are written: what is quoted eight bytes at a time, and encoded twenty-four at a time, at each of the places and lengths.
struct JSONTextTests {
  @Test(arguments: ["\"", "\\", "\n", "\u{0}", "\u{1f}"]) func `a byte that needs an escape is found at any place`(special: String) throws {
    for length in 0..<20 {
      for place in 0...length {
        let text = String(repeating: "a", count: place) + special + String(repeating: "é", count: length - place)
        let written = JSONText.string(text).compactBytes
        #expect(try JSONValue(parsing: written) == .string(JSONString(text)))
        #expect(written.count > text.utf8.count + 2)
      }
    }
  }

  @Test func `no other byte is escaped`() {
    let plain = String(String.UnicodeScalarView((0x20...0x2ff).compactMap(Unicode.Scalar.init).filter { $0 != "\"" && $0 != "\\" }))
    for start in 0..<8 {
      let text = String(plain.unicodeScalars.dropFirst(start))
      #expect(JSONText.string(text).compact == "\"\(text)\"")
    }
  }

  @Test func `bytes of any length become the base64 that Foundation makes`() {
    for count in Array(0..<200) + [12_287, 12_288, 12_289, 12_290, 24_576, 100_000, 100_001] {
      let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
      let expected = Data(content).base64EncodedString()
      #expect(Base64Encoding.text(of: content) == expected)
      #expect(JSONText.object([("a", .base64(content)), ("b", 1)]).compact == "{\"a\":\"\(expected)\",\"b\":1}")
    }
  }

  @Test func `each digit of base64 is written in each place`() {
    // Six bits from 0 to 63, one after the other.
    let values = (0..<64).flatMap { first in (0..<4).map { (first + $0 * 16) % 64 } }
    let content = stride(from: 0, to: values.count, by: 4).flatMap { index in
      let group = values[index] << 18 | values[index + 1] << 12 | values[index + 2] << 6 | values[index + 3]
      return [UInt8(group >> 16), UInt8(group >> 8 & 0xff), UInt8(group & 0xff)]
    }
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    #expect(Base64Encoding.text(of: content) == String(values.map { digits[$0] }))
  }
}
