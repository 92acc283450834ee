extension PictureDescription {
  /// One number for all images of a request: FNV-1a (64 bits) over what was asked for, the index left out, so that the images of one
  /// request can share an order of colours and take different places in it.
  var requestSeed: UInt64 {
    var hash = FNV1a()
    hash.combine(prompt)
    hash.combine(model)
    hash.combine(size.description)
    hash.combine(quality.rawValue)
    hash.combine(style.rawValue)
    hash.combine(seed)
    // Only then, so that opaque pictures are what they were before there were others.
    if isTransparent { hash.combine("transparent") }
    return hash.value
  }
}

/// Fowler, Noll and Vo's hash (RFC 9923). `Hasher` is seeded anew by every process and would draw another picture in each.
private struct FNV1a {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func combine(byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }

  /// A byte that UTF-8 never holds ends the text: "ab", "c" and "a", "bc" differ.
  mutating func combine(_ text: String) {
    for byte in text.utf8 { combine(byte: byte) }
    combine(byte: 0xFF)
  }

  mutating func combine(_ number: UInt64) {
    for shift in UInt64(0)..<8 { combine(byte: UInt8(truncatingIfNeeded: number >> (8 * shift))) }
  }
}
