import CPNG
import ImageCoding
import Testing

@Suite struct PNGEncoderTests {
  @Test(arguments: [(1, 1), (3, 2), (256, 256), (1024, 33), (3840, 7)])
  func `libpng decodes the same pixels`(width: Int, height: Int) throws {
    let rows = noisyRows(width, height)
    var encoder = PNGEncoder()
    let file = try encoder.encode(rows.span, width: width, height: height)
    #expect(try decode(file) == pixels(of: rows, width))
  }

  @Test(arguments: [(1, 1), (3, 2), (256, 256), (1024, 33)])
  func `alpha comes back as well`(width: Int, height: Int) throws {
    var rows = noisyRows(width, height, channels: 4)
    if height > 40 {
      rows.replaceSubrange((1 + 4 * width) * 20..<rows.count, with: repeatElement(0, count: (1 + 4 * width) * (height - 20)))
    }
    var encoder = PNGEncoder()
    let file = try encoder.encode(rows.span, width: width, height: height, hasAlpha: true)
    #expect(file[25] == UInt8(PNG_COLOR_TYPE_RGB_ALPHA))
    #expect(try decode(file, channels: 4) == pixels(of: rows, width, channels: 4))
  }

  @Test func `one encoder serves pictures of many sizes`() throws {
    var encoder = PNGEncoder()
    for side in [64, 200, 5, 300, 1] {
      let rows = noisyRows(side, side)
      let file = try encoder.encode(rows.span, width: side, height: side)
      #expect(try decode(file) == pixels(of: rows, side))
    }
  }

  @Test(arguments: Array(1...90) + [171, 172, 173, 255, 256, 257, 258, 259, 260, 344, 345, 346, 512, 1024, 1792, 3840])
  func `repeated rows of any width decode unchanged`(width: Int) throws {
    var encoder = PNGEncoder()
    let stride = 1 + 3 * width
    let three = noisyRows(width, 3)
    let heights = [40, 1, 12, 22, 23, 24, 25, 26, 2, 100]
    var rows: [UInt8] = []
    for (index, height) in heights.enumerated() {
      for _ in 0..<height { rows += three[stride * (index % 3)..<stride * (index % 3 + 1)] }
    }
    let height = heights.reduce(0, +)
    let file = try encoder.encode(rows.span, width: width, height: height)
    #expect(try decode(file) == pixels(of: rows, width))
  }

  @Test(arguments: [[10, 200, 30], [0, 0, 0], [1, 2, 0], [2, 1, 1], [255, 255, 1, 2], [0, 0, 0, 0], [3, 4, 5, 6]] as [[UInt8]])
  func `a first row of one colour decodes unchanged, in any colour and width`(pixel: [UInt8]) throws {
    var encoder = PNGEncoder()
    let channels = pixel.count
    for width in Array(1...90) + [171, 172, 173, 255, 256, 257, 258, 259, 260, 344, 345, 346, 1024, 3840] {
      let row = [0] + repeatElement(pixel, count: width).joined()
      let plain = Array(repeatElement(row, count: 30).joined())
      for rows in [plain, plain + noisyRows(width, 2, channels: channels), plain + noisyRows(width, 1, channels: channels) + plain] {
        let file = try encoder.encode(rows.span, width: width, height: rows.count / row.count, hasAlpha: channels == 4)
        #expect(try decode(file, channels: channels) == pixels(of: rows, width, channels: channels))
      }
    }
  }

  @Test(arguments: [1, 2, 23, 24, 25, 60, 199])
  func `a picture that comes in bands is the picture that comes at once`(bandHeight: Int) throws {
    var encoder = PNGEncoder()
    let (width, stride) = (90, 271)
    let plain = [0] + Array(repeatElement([7, 8, 9] as [UInt8], count: width).joined())
    let noisy = noisyRows(width, 4)
    // Repeated rows begin and end within bands and between them, and include the first row.
    let rows =
      Array(repeatElement(plain, count: 70).joined()) + noisy + Array(repeatElement(noisy.suffix(stride), count: 100).joined()) + noisy
      + Array(repeatElement(plain, count: 30).joined())
    let height = rows.count / stride
    try encoder.begin(width: width, height: height)
    for top in Swift.stride(from: 0, to: height, by: bandHeight) {
      try encoder.add(rows.span.extracting(top * stride..<min(top + bandHeight, height) * stride))
    }
    #expect(try decode(encoder.finish()) == pixels(of: rows, width))
    #expect(try decode(encoder.encode(rows.span, width: width, height: height)) == pixels(of: rows, width))
  }

  @Test func `a row that is repeated in the next band is not written again`() throws {
    var encoder = PNGEncoder()
    let (width, stride) = (1000, 3001)
    let row = noisyRows(width, 1)
    try encoder.begin(width: width, height: 200)
    for _ in 0..<4 {
      try encoder.add(Array(repeatElement(row, count: 50).joined()).span)
    }
    let file = try encoder.finish()
    #expect(try decode(file) == pixels(of: Array(repeatElement(row, count: 200).joined()), width))
    #expect(file.count < 2 * stride)
  }

  @Test func `bands that cannot be compressed have room`() throws {
    var encoder = PNGEncoder()
    var generator = SystemRandomNumberGenerator()
    let (width, height) = (400, 200)
    let rows = (0..<height).flatMap { _ in [0] + (0..<3 * width).map { _ in UInt8.random(in: 0...255, using: &generator) } }
    try encoder.begin(width: width, height: height)
    for row in 0..<height { try encoder.add(rows.span.extracting(row * (1 + 3 * width)..<(row + 1) * (1 + 3 * width))) }
    #expect(try decode(encoder.finish()) == pixels(of: rows, width))
  }

  @Test(arguments: [RowFilter.none, .up])
  func `noise, colours, stripes and changes from row to row decode unchanged, in bands of any height`(filter: RowFilter) throws {
    var encoder = PNGEncoder()
    for seed in 0..<UInt64(150) {
      var picture = DrawnRows(seed: 1000 + seed)
      try encoder.begin(width: picture.width, height: picture.height, hasAlpha: picture.channels == 4, filter: filter)
      var top = 0
      for height in picture.bands() {
        try encoder.add(picture.bytes.span.extracting(top * picture.stride..<(top + height) * picture.stride))
        top += height
      }
      let decoded = try decode(encoder.finish(), channels: picture.channels)
      #expect(decoded == pixels(of: picture.bytes, picture.width, channels: picture.channels), "picture \(seed)")
    }
  }

  /// Bytes are compressed piece by piece, and a piece may end within rows that are alike.
  @Test func `differences from the row above make a picture smaller that changes little from row to row`() throws {
    let (width, height) = (1024, 300)
    var row = Array(noisyRows(width, 1).dropFirst())
    var rows: [UInt8] = []
    for _ in 0..<height {
      rows.append(0)
      rows += row
      row = row.map { $0 &+ 1 }
    }
    var encoder = PNGEncoder()
    try encoder.begin(width: width, height: height, filter: .up)
    try encoder.add(rows.span)
    let file = try encoder.finish()
    #expect(try decode(file) == pixels(of: rows, width))
    #expect(file.count < 4 * width + 50 * height)
  }

  /// The larger width makes halves of 50 rows, which divide the range.
  @Test(arguments: [(90, 100), (90, 7), (45_000, 100)], [RowFilter.none, .up])
  func `rows that are known to be repeated need no bytes, but for the last one`(_ size: (width: Int, band: Int), filter: RowFilter) throws {
    let (width, stride) = (size.width, 1 + 3 * size.width)
    let two = noisyRows(width, 2)
    let (first, second) = (Array(two.prefix(stride)), Array(two.suffix(stride)))
    let ranges = [1..<30, 31..<33, 34..<95]
    var expected: [UInt8] = []
    for row in 0..<100 { expected += row < 30 || (34..<95).contains(row) || row == 33 ? first : second }
    var encoder = PNGEncoder()
    try encoder.begin(width: width, height: 100, filter: filter)
    for top in Swift.stride(from: 0, to: 100, by: size.band) {
      let band = top..<min(top + size.band, 100)
      let known = ranges.map { $0.clamped(to: band) }.filter { !$0.isEmpty }.map { $0.lowerBound - top..<$0.upperBound - top }
      var rows = Array(expected[band.lowerBound * stride..<band.upperBound * stride])
      for range in known { for index in range.lowerBound * stride..<(range.upperBound - 1) * stride { rows[index] = 0xa5 } }
      try encoder.add(rows.span, repeated: known)
    }
    let isSame = try decode(encoder.finish()) == pixels(of: expected, width)
    #expect(isSame)
  }

  @Test(arguments: [[0..<2], [1..<1], [3..<9], [2..<4, 3..<5], [4..<5, 1..<2]] as [[Range<Int>]])
  func `rows that cannot be repeated are refused`(repeated: [Range<Int>]) throws {
    var encoder = PNGEncoder()
    try encoder.begin(width: 2, height: 8)
    #expect(throws: EncodingFailure.self) { try encoder.add([UInt8](repeating: 0, count: 8 * 7).span, repeated: repeated) }
  }

  /// A picture of this size is compressed in halves, by two threads if the second gets to run.
  @Test(arguments: [(3840, 1100, 273), (2200, 2200, 2200), (990_000, 5, 1)])
  func `a large picture comes back, however large its bands, and is the same file each time`(width: Int, height: Int, band: Int) throws {
    let stride = 1 + 3 * width
    let few = noisyRows(width, 2)
    var rows: [UInt8] = []
    // The rows are noise, and then one row repeated across bands and halves.
    for row in 0..<height { rows += row % 300 < 120 && row % 2 == 0 ? few.prefix(stride) : few.suffix(stride) }
    var files: [[UInt8]] = []
    for _ in 0..<3 {
      var encoder = PNGEncoder()
      try encoder.begin(width: width, height: height)
      for top in Swift.stride(from: 0, to: height, by: band) {
        try encoder.add(rows.span.extracting(top * stride..<min(top + band, height) * stride))
      }
      files.append(try encoder.finish())
    }
    #expect(try decode(files[0]) == pixels(of: rows, width))
    #expect(files[1] == files[0])
    #expect(files[2] == files[0])
  }

  @Test func `the lower half of a band begins with a look at the upper one's last row`() throws {
    let (width, height, band) = (2200, 2200, 100)
    let stride = 1 + 3 * width
    let two = noisyRows(width, 2)
    let (first, other) = (two.prefix(stride), two.suffix(stride))
    var rows: [UInt8] = []
    // Each lower half equals the row above its band, but not the row above itself.
    for row in 0..<height { rows += row % band < band / 2 ? first : other }
    var encoder = PNGEncoder()
    try encoder.begin(width: width, height: height)
    for top in Swift.stride(from: 0, to: height, by: band) {
      try encoder.add(rows.span.extracting(top * stride..<(top + band) * stride))
    }
    #expect(try decode(encoder.finish()) == pixels(of: rows, width))
  }

  @Test func `every chunk has its checksum, computed bit by bit`() throws {
    var encoder = PNGEncoder()
    let file = try encoder.encode(noisyRows(40, 30).span, width: 40, height: 30, texts: [PNGText(keyword: "a", text: "b")])
    var start = 8
    while start < file.count {
      let length = number(file[start..<start + 4])
      var sum = UInt32.max
      for byte in file[start + 4..<start + 8 + length] {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
      }
      #expect(number(file[start + 8 + length..<start + 12 + length]) == Int(~sum))
      start += 12 + length
    }
    #expect(start == file.count)
  }

  @Test func `more rows than announced are refused, and fewer make no file`() throws {
    var encoder = PNGEncoder()
    let rows = [UInt8](repeating: 0, count: 3 * 7)
    try encoder.begin(width: 2, height: 2)
    #expect(throws: EncodingFailure.self) { try encoder.add(rows.span) }
    #expect(throws: EncodingFailure.self) { try encoder.add(rows.span.extracting(0..<8)) }
    try encoder.add(rows.span.extracting(0..<7))
    #expect(throws: EncodingFailure.self) { try encoder.finish() }
    try encoder.add(rows.span.extracting(0..<7))
    #expect(throws: EncodingFailure.self) { try encoder.add(rows.span.extracting(0..<7)) }
    #expect(try decode(encoder.finish()).count == 12)
  }

  @Test func `a picture of one colour takes five bytes a row`() throws {
    var encoder = PNGEncoder()
    var row: [UInt8] = [0]
    for _ in 0..<1024 { row += [10, 200, 30] }
    var rows: [UInt8] = []
    for _ in 0..<1024 { rows += row }
    let file = try encoder.encode(rows.span, width: 1024, height: 1024)
    #expect(try decode(file) == pixels(of: rows, 1024))
    #expect(file.count < 1024 * 5 + 200)
  }

  @Test func `a plain picture is small`() throws {
    var encoder = PNGEncoder()
    let rows = [UInt8](repeating: 0, count: (1 + 3 * 1024) * 1024)
    let file = try encoder.encode(rows.span, width: 1024, height: 1024)
    #expect(file.count < 30_000)
  }

  @Test func `texts stand in iTXt chunks before the pixels`() throws {
    var encoder = PNGEncoder()
    let rows = [UInt8](repeating: 0, count: 4)
    let file = try encoder.encode(
      rows.span, width: 1, height: 1, texts: [PNGText(keyword: "fakeai", text: "{\"prompt\":\"Ünïcode 猫\"}")])
    let chunks = chunks(of: file)
    #expect(chunks.map(\.type) == ["IHDR", "iTXt", "IDAT", "IEND"])
    let expected = Array("fakeai\0\0\0\0\0{\"prompt\":\"Ünïcode 猫\"}".utf8)
    #expect(chunks[1].content == expected)
  }

  @Test func `rows that do not fit the size are refused`() {
    var encoder = PNGEncoder()
    let rows = [UInt8](repeating: 0, count: 11)
    #expect(throws: EncodingFailure.self) { try encoder.encode(rows.span, width: 2, height: 2) }
  }

  private func noisyRows(_ width: Int, _ height: Int, channels: Int = 3) -> [UInt8] {
    var state: UInt32 = 1
    return (0..<height).flatMap { _ in
      [0]
        + (0..<channels * width).map { _ in
          state = state &* 1_664_525 &+ 1_013_904_223
          return UInt8(state >> 24)
        }
    }
  }

  private func pixels(of rows: [UInt8], _ width: Int, channels: Int = 3) -> [UInt8] {
    stride(from: 0, to: rows.count, by: 1 + channels * width).flatMap { rows[$0 + 1..<$0 + 1 + channels * width] }
  }

  /// Decodes by libpng's simplified interface, which shares no code with the encoder.
  private func decode(_ file: [UInt8], channels: Int = 3) throws -> [UInt8] {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    #expect(png_image_begin_read_from_memory(&image, file, file.count) != 0)
    image.format = UInt32(PNG_FORMAT_FLAG_COLOR) | (channels == 4 ? UInt32(PNG_FORMAT_FLAG_ALPHA) : 0)
    var pixels = [UInt8](repeating: 0, count: Int(image.width * image.height) * channels)
    #expect(png_image_finish_read(&image, nil, &pixels, 0, nil) != 0)
    return pixels
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  private func chunks(of file: [UInt8]) -> [(type: String, content: [UInt8])] {
    var chunks: [(String, [UInt8])] = []
    var start = 8
    while start < file.count {
      let length = number(file[start..<start + 4])
      let type = String(decoding: file[start + 4..<start + 8], as: UTF8.self)
      chunks.append((type, Array(file[start + 8..<start + 8 + length])))
      start += 12 + length
    }
    return chunks
  }
}
