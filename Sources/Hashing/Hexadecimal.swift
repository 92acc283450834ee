extension String {
  /// The last `digits` hexadecimal digits of a number, in lower case and with zeroes before it. `String(_:radix:)` is so slow that it showed in
  /// the profile of a response, whose IDs have a hundred random digits. Inlinable, because each shift of a `UInt128` is a call otherwise.
  @inlinable package init(hexadecimal number: some FixedWidthInteger & UnsignedInteger, digits: Int) {
    unsafe self.init(unsafeUninitializedCapacity: digits) { text in
      var rest = number
      for place in (0..<digits).reversed() {
        let value = UInt8(truncatingIfNeeded: rest) & 0xf
        unsafe text[place] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
        rest >>= 4
      }
      return digits
    }
  }
}
