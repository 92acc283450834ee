import Testing

@testable import Hashing

struct HexadecimalTests {
  @Test func `the last digits of a number, with zeroes before it`() {
    #expect(String(hexadecimal: 0x1af as UInt64, digits: 4) == "01af")
    #expect(String(hexadecimal: 0x1234_5678_9abc_def0 as UInt64, digits: 5) == "cdef0")
    #expect(String(hexadecimal: UInt8.max, digits: 2) == "ff")
    #expect(String(hexadecimal: UInt8(0), digits: 3) == "000")
    #expect(String(hexadecimal: UInt128.max - 0xf, digits: 32) == String(repeating: "f", count: 31) + "0")
  }
}
