/// MD5 (RFC 1321), for checksums that clients send along with a file. It finds mistakes, not attackers.
package enum MD5 {
  /// The digest as 32 hexadecimal digits in lower case.
  package static func hexadecimal(of bytes: [UInt8]) -> String {
    hash(bytes).map { String(hexadecimal: $0, digits: 2) }.joined()
  }

  private static let blockSize = 64

  private static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var state: State = (0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476)
    let whole = bytes.count / blockSize * blockSize
    for start in stride(from: 0, to: whole, by: blockSize) { compress(bytes.span, at: start, into: &state) }
    let zeroes = (blockSize * 2 - 9 - bytes.count % blockSize) % blockSize
    let end = bytes[whole...] + [0x80] + [UInt8](repeating: 0, count: zeroes) + littleEndian(UInt64(bytes.count) &* 8)
    let last = Array(end)
    for start in stride(from: 0, to: last.count, by: blockSize) { compress(last.span, at: start, into: &state) }
    return [state.0, state.1, state.2, state.3].flatMap { littleEndian($0) }
  }

  private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    stride(from: 0, to: number.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private typealias State = (UInt32, UInt32, UInt32, UInt32)

  /// Takes the block of `bytes` that begins at `start` into the state (section 3.4).
  private static func compress(_ bytes: Span<UInt8>, at start: Int, into state: inout State) {
    var words = InlineArray<16, UInt32>(repeating: 0)
    for index in 0..<blockSize { words[index / 4] |= UInt32(bytes[start + index]) << UInt32(index % 4 * 8) }
    var (a, b, c, d) = state
    for step in 0..<blockSize {
      let (mixed, word) =
        switch step / 16 {
        case 0: (b & c | ~b & d, step)
        case 1: (d & b | ~d & c, (5 * step + 1) % 16)
        case 2: (b ^ c ^ d, (3 * step + 5) % 16)
        default: (c ^ (b | ~d), 7 * step % 16)
        }
      let sum = a &+ mixed &+ sines[step] &+ words[word]
      let shift = shifts[step / 16 * 4 + step % 4]
      (a, b, c, d) = (d, b &+ (sum << shift | sum >> (32 - shift)), b, c)
    }
    state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
  }

  /// How far each step rotates: four values per round, in turn.
  private static let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

  /// The table T of section 3.4: the whole part of 2³² · |sin(i)| for i from 1 to 64, in radians.
  private static let sines: [UInt32] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
  ]
}
