import Hashing
import ImageCoding

/// A picture that bytes describe, so that a fuzzer can make any.
///
/// The first byte is the width. The second one tells whether there is an alpha channel, how much wider the picture is, its filter, and
/// whether it is so large that two threads compress it. Each further byte is an instruction with a number: rows of the bytes that follow,
/// of noise or of one colour; the last row again, of which the encoder is told or not; the last row with some other bytes, or shifted; or
/// the end of a band.
struct DescribedPicture {
  let width: Int
  let channels: Int
  private(set) var rows: [UInt8] = []
  /// The rows before which a band ends.
  private(set) var bandEnds: [Int] = []
  /// Rows that equal the ones above, of which the encoder is told.
  private(set) var repeated: [Range<Int>] = []
  private let filter: RowFilter

  private var stride: Int { 1 + channels * width }
  private var height: Int { rows.count / stride }
  /// Rows of so many bytes are enough for a picture, unless it is a large one.
  private static let enough = 1 << 19
  /// A picture of more pixels is compressed by two threads.
  private static let largeFrom = 2048 * 2048

  /// Nil if the bytes describe no row.
  init?(_ bytes: [UInt8]) {
    guard bytes.count > 2 else { return nil }
    width = (1 + Int(bytes[0])) * (bytes[1] & 0x0e == 0x0e ? 40 : 1)
    channels = bytes[1] & 1 == 0 ? 3 : 4
    filter = bytes[1] & 0x10 == 0 ? .none : .up
    draw(bytes[2...])
    guard height > 0 else { return nil }
    if bandEnds.last != height { bandEnds.append(height) }
    // Few pictures, because each takes as long as hundreds of others. Narrow ones would have millions of rows.
    if bytes[1] & 0xe6 == 0xe6, width >= 64 { stretch(Self.largeFrom / (width * height) + 1) }
  }

  /// Follows the instructions.
  private mutating func draw(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    var row = [UInt8](repeating: 0, count: channels * width)
    while let instruction = rest.popFirst(), rows.count < Self.enough {
      let number = Int(instruction & 0x1f) + 1
      switch instruction >> 5 {
      case 0:
        row = repeating(rest.prefix(2 * number))
        rest = rest.dropFirst(2 * number)
        append(row)
      case 1:
        row = repeating(rest.prefix(channels))
        rest = rest.dropFirst(channels)
        append(row, count: count(of: number))
      case 2:
        let count = count(of: 4 * number)
        if height > 0, rows.suffix(stride - 1).elementsEqual(row) { repeated.append(height..<height + count) }
        append(row, count: count)
      case 3: append(row, count: count(of: 4 * number))
      case 4:
        let place = Int(rest.popFirst() ?? 0) * row.count / 256
        for index in place..<min(place + number, row.count) { row[index] &+= 1 }
        append(row)
      case 5:
        let shift = number % row.count
        row = Array(row[shift...] + row[..<shift])
        append(row)
      case 6:
        var noise = SplitMix64(seed: UInt64(number))
        for _ in 0..<count(of: number) {
          row = row.map { _ in UInt8(truncatingIfNeeded: noise.next()) }
          append(row)
        }
      default: if height > bandEnds.last ?? 0 { bandEnds.append(height) }
      }
    }
  }

  /// As many rows as are wanted, or as are enough.
  private func count(of wanted: Int) -> Int { min(wanted, max(1, (Self.enough - rows.count) / stride)) }

  /// A row in which some bytes recur; of zeroes if there are none.
  private func repeating(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard !bytes.isEmpty else { return [UInt8](repeating: 0, count: channels * width) }
    return Array(repeatElement(bytes, count: channels * width / bytes.count + 1).joined().prefix(channels * width))
  }

  private mutating func append(_ row: [UInt8], count: Int = 1) {
    for _ in 0..<count { rows += [0] + row }
  }

  /// Makes the picture higher: each row comes so many times. The encoder is told only of copies of rows that were known to be repeated.
  private mutating func stretch(_ times: Int) {
    let low = rows
    rows.removeAll()
    rows.reserveCapacity(times * low.count)
    for start in Swift.stride(from: 0, to: low.count, by: stride) {
      for _ in 0..<times { rows += low[start..<start + stride] }
    }
    bandEnds = bandEnds.map { $0 * times }
    repeated = repeated.map { $0.lowerBound * times..<$0.upperBound * times }
  }

  /// The rows of a band. Of those that are known to be repeated, only the last ones have their bytes.
  private func band(_ range: Range<Int>, _ repeated: [Range<Int>]) -> [UInt8] {
    var band = Array(rows[range.lowerBound * stride..<range.upperBound * stride])
    for range in repeated { for index in range.lowerBound * stride..<(range.upperBound - 1) * stride { band[index] = 0xa5 } }
    return band
  }

  /// The repeated rows of a band, counted from its first row.
  private func repeatedRows(in band: Range<Int>) -> [Range<Int>] {
    repeated.compactMap { rows in
      let part = rows.clamped(to: band)
      return part.isEmpty ? nil : part.lowerBound - band.lowerBound..<part.upperBound - band.lowerBound
    }
  }

  /// Encodes the picture in its bands, decodes the file, and requires the same pixels.
  func requireSame(by encoder: inout PNGEncoder) throws {
    try encoder.begin(width: width, height: height, hasAlpha: channels == 4, filter: filter)
    var top = 0
    for end in bandEnds {
      // Named, because the compiler of Swift 6.3 ends at a span of a value without a name that a throwing call takes.
      let known = repeatedRows(in: top..<end)
      let rows = band(top..<end, known)
      try encoder.add(rows.span, repeated: known)
      top = end
    }
    let file = try encoder.finish()
    precondition(InflatedPNG(file, width: width, height: height, channels: channels).rows == rows)
    // Our own decoder, by libpng, takes pictures of a certain height. It does not look at what follows the pixels.
    if height <= ImageDecoder.maximumSide, width * height <= Self.largeFrom { try requireSame(in: file) }
  }

  private func requireSame(in file: [UInt8]) throws {
    let decoded = try ImageDecoder.decode(file.span)
    precondition(decoded.width == width && decoded.height == height)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          precondition(decoded.pixels[4 * (y * width + x) + channel] == rows[y * stride + 1 + channels * x + channel])
        }
      }
    }
  }
}
