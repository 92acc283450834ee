import Testing

@testable import ImageCoding

@Suite struct DeflaterTests {
  /// Compresses rows into a buffer of `room` bytes.
  /// - Returns: the number of bytes, nil if there was no room, and the bytes behind the buffer, which were 0x5a.
  private static func deflate(
    _ picture: DrawnRows, _ filter: RowFilter, isLast: Bool, room: Int, by deflater: inout Deflater
  ) -> (count: Int?, behind: [UInt8]) {
    var memory = [UInt8](repeating: 0x5a, count: room + 64)
    let count = unsafe picture.bytes.withUnsafeBytes { bytes in
      let rows = unsafe PictureRows(
        bytes, above: UnsafeRawBufferPointer(start: nil, count: 0), stride: picture.stride, pixelStride: picture.channels)
      return unsafe memory.withUnsafeMutableBufferPointer { memory in
        unsafe deflater.write(rows, filter: filter, isLast: isLast, to: UnsafeMutableBufferPointer(rebasing: memory[..<room]))?.count
      }
    }
    return (count, Array(memory[room...]))
  }

  @Test(arguments: [RowFilter.none, .up], [false, true])
  func `the bound is enough room, and less is never left`(filter: RowFilter, isLast: Bool) {
    var deflater = Deflater()
    for seed in 0..<UInt64(40) {
      let picture = DrawnRows(seed: seed)
      let bound = Deflater.bound(picture.bytes.count, rows: picture.height)
      guard let count = Self.deflate(picture, filter, isLast: isLast, room: bound, by: &deflater).count else {
        Issue.record("no room for picture \(seed)")
        continue
      }
      // Whichever block does not fit, and wherever it begins.
      for room in [0, 1, 7, 8, 9, count / 3, count / 2, count - 9, count - 1] where room >= 0 {
        let (shorter, behind) = Self.deflate(picture, filter, isLast: isLast, room: room, by: &deflater)
        #expect(shorter == nil)
        #expect(behind.allSatisfy { $0 == 0x5a })
      }
      #expect(Self.deflate(picture, filter, isLast: isLast, room: bound, by: &deflater).count == count)
    }
  }

  @Test func `what cannot be compressed is stored`() throws {
    var encoder = PNGEncoder()
    var random = SystemRandomNumberGenerator()
    let (width, height) = (500, 400)
    let rows = (0..<height).flatMap { _ in [0] + (0..<3 * width).map { _ in UInt8.random(in: 0...255, using: &random) } }
    let file = try encoder.encode(rows.span, width: width, height: height)
    #expect(file.count < rows.count + rows.count / 1000 + 200)
  }
}
