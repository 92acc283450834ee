import ImageCoding

/// A picture that bytes describe, so that a fuzzer can make any.
///
/// The first byte is the width, the second one tells whether there is an alpha channel, how much wider the picture is, and its filter. Each further
/// byte says what follows: rows like the last one, a row with some other bytes, a shifted row, a row of bytes that follow, or the end of a band.
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

  /// Nil if the bytes describe no row.
  init?(_ bytes: [UInt8]) {
    guard bytes.count > 2 else { return nil }
    width = (1 + Int(bytes[0])) * (bytes[1] & 0x0e == 0x0e ? 40 : 1)
    channels = bytes[1] & 1 == 0 ? 3 : 4
    filter = bytes[1] & 0x10 == 0 ? .none : .up
    var rest = bytes[2...]
    var row = [UInt8](repeating: 0, count: channels * width)
    while let instruction = rest.popFirst(), rows.count < 1 << 21 {
      let number = Int(instruction & 0x3f) + 1
      switch instruction >> 6 {
      case 0:
        let taken = rest.prefix(number)
        rest = rest.dropFirst(number)
        // What is given recurs until the row is full.
        if !taken.isEmpty { row = Array(repeatElement(taken, count: row.count / taken.count + 1).joined().prefix(row.count)) }
        append(row, count: 1)
      case 1:
        if height > 0, rows.suffix(stride - 1).elementsEqual(row) { repeated.append(height..<height + number) }
        append(row, count: number)
      case 2:
        let place = Int(rest.popFirst() ?? 0) * row.count / 256
        for index in place..<min(place + number, row.count) { row[index] &+= 1 }
        append(row, count: 1)
      default:
        guard number > 1 else {
          if height > bandEnds.last ?? 0 { bandEnds.append(height) }
          continue
        }
        let shift = number % row.count
        row = Array(row[shift...] + row[..<shift])
        append(row, count: 1)
      }
    }
    guard height > 0 else { return nil }
    if bandEnds.last != height { bandEnds.append(height) }
  }

  private mutating func append(_ row: [UInt8], count: Int) {
    for _ in 0..<count { rows += [0] + row }
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
