import Hashing
import ImageCoding
import Testing

/// What giflib reads of pictures whose indices are of every kind that compression tells apart.
@Suite struct LZWCompressorTests {
  /// Palettes of every number of bits, long repetitions of an index, and noise that fills the table of strings again and again.
  @Test(arguments: [1, 2, 3, 5, 9, 17, 33, 65, 129, 256])
  func `repetitions and noise of every palette come back exactly`(colours: Int) throws {
    var random = SplitMix64(seed: UInt64(colours))
    let (width, height) = (400, 300)
    var indices: [UInt8] = []
    while indices.count < width * height {
      let index = UInt8(random.next() % UInt64(colours))
      let kind = random.next() % 4
      if kind == 0 { indices += (0..<random.next() % 3000).map { _ in UInt8(random.next() % UInt64(colours)) } }
      if kind == 1 { indices += (0..<random.next() % 6000).map { _ in index } }
      if kind == 2 { indices += (0..<random.next() % 20).map { _ in index } }
      if kind == 3, indices.count > 999 { indices += indices.suffix(Int(random.next() % 999)) }
    }
    try Self.expectExact(indices, width, height)
  }

  /// giflib does not look for the code of the end, but strict readers do. The string that the last code makes can make codes wider.
  @Test(arguments: 1..<300)
  func `the code of the end is as wide as readers expect`(count: Int) throws {
    let rows = RowPictures.rows(count, 1) { x, _ in [UInt8(truncatingIfNeeded: x * x / 3) % 4, 8, 9] }
    var encoder = try GIFEncoder(width: count, height: 1)
    try encoder.add(rows.span)
    let file = encoder.finish()
    // Behind the header, the palette, a control extension and the image's descriptor.
    var place = 13 + 3 << (Int(file[10] & 7) + 1) + 8 + 10
    let bits = Int(file[place])
    var data: [UInt8] = []
    place += 1
    while file[place] > 0 {
      data += file[place + 1...place + Int(file[place])]
      place += 1 + Int(file[place])
    }
    #expect(file[(place + 1)...] == [0x3b])
    var (bit, width, next, code) = (0, bits + 1, 1 << bits + 1, 0)
    while code != 1 << bits + 1, bit + width <= 8 * data.count {
      code = (0..<width).reduce(0) { $0 | Int(data[(bit + $1) / 8] >> UInt8((bit + $1) % 8) & 1) << $1 }
      bit += width
      // The first code makes no string.
      if code < 1 << bits || code > 1 << bits + 1 { next += 1 }
      if next == 1 << width { width += 1 }
    }
    #expect(code == 1 << bits + 1 && 8 * data.count - bit < 8)
  }

  /// Long and short repetitions, strings that several indices continue, and more strings than have codes.
  @Test(arguments: [2, 16, 256])
  func `every string that has a code is found`(colours: Int) throws {
    var random = SplitMix64(seed: UInt64(colours))
    let (width, height) = (300, 200)
    var indices = (0..<colours).map { UInt8($0) }
    while indices.count < width * height {
      let (index, kind) = (UInt8(random.next() % UInt64(colours)), random.next() % 3)
      if kind == 0 { indices += repeatElement(index, count: Int(random.next() % 60)) }
      if kind == 1 { indices += (0..<random.next() % 40).map { _ in UInt8(random.next() % UInt64(colours)) } }
      if kind == 2, indices.count > 4000 { indices += indices.suffix(Int(random.next() % 4000)) }
    }
    indices.removeSubrange((width * height)...)
    let rows = RowPictures.rows(width, height) { x, y in [indices[y * width + x], 8, 9] }
    var encoder = try GIFEncoder(width: width, height: height)
    try encoder.add(rows.span)
    let file = encoder.finish()
    let size = Self.compressedSize(of: indices, bits: max(2, Int(file[10] & 7) + 1))
    // What comes before the pixels, their blocks of up to 255 bytes, the empty block and the trailer.
    #expect(file.count == 13 + 3 << (Int(file[10] & 7) + 1) + 8 + 10 + 1 + size + (size + 254) / 255 + 2)
  }

  /// The bytes that plain LZW needs, whose strings are in a dictionary.
  private static func compressedSize(of indices: [UInt8], bits: Int) -> Int {
    var strings: [[Int]: Int] = [:]
    var (code, next, width, size) = (Int(indices[0]), 1 << bits + 2, bits + 1, bits + 1)
    for index in indices.dropFirst() {
      if let longer = strings[[code, Int(index)]] {
        code = longer
        continue
      }
      size += width
      if next < 4095 {
        strings[[code, Int(index)]] = next
        if next >> width != 0 { width += 1 }
        next += 1
      } else {
        size += width
        strings = [:]
        (next, width) = (1 << bits + 2, bits + 1)
      }
      code = Int(index)
    }
    size += width
    if next >> width != 0, width < 12 { width += 1 }
    return (size + width + 7) / 8
  }

  @Test func `a picture of one colour is small`() throws {
    let rows = RowPictures.rows(2000, 1000) { _, _ in [1, 2, 3] }
    var encoder = try GIFEncoder(width: 2000, height: 1000)
    try encoder.add(rows.span)
    #expect(encoder.finish().count < 4000)
  }

  private static func expectExact(_ indices: [UInt8], _ width: Int, _ height: Int) throws {
    let rows = RowPictures.rows(width, height) { x, y in [indices[y * width + x], 8, 9] }
    var encoder = try GIFEncoder(width: width, height: height)
    try encoder.add(rows.span)
    let gif = try GIF(encoder.finish())
    try #require(gif.frames.count == 1)
    #expect(RowPictures.difference(rows, gif.frames[0].pixels, width: width).largest == 0)
  }
}
