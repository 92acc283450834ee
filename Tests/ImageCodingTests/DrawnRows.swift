import Hashing

/// Random pictures of what pictures are made of: noise, one colour, stripes, rows like the one above, rows shifted by some pixels.
struct DrawnRows {
  let width: Int
  let height: Int
  let channels: Int
  private(set) var bytes: [UInt8] = []
  private var random: SplitMix64

  var stride: Int { 1 + channels * width }

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    // Most pictures are small, and some have rows that no match reaches over.
    width = random.next() % 8 == 0 ? 9000 + Int(random.next() % 4000) : 1 + Int(random.next() % 700)
    height = width > 1000 ? 1 + Int(random.next() % 12) : 1 + Int(random.next() % 400)
    channels = 3 + Int(random.next() % 2)
    while bytes.count < stride * height { addRows(min(1 + Int(random.next() % 60), height - bytes.count / stride)) }
  }

  private mutating func addRows(_ count: Int) {
    let kind = random.next() % 6
    let period = 1 + Int(random.next() % 40)
    for _ in 0..<count {
      let row = kind == 0 ? noise() : kind == 1 ? colour() : kind == 2 ? stripes(period) : changed(by: kind)
      bytes.append(0)
      bytes += row
    }
  }

  private mutating func noise() -> [UInt8] { (0..<channels * width).map { _ in UInt8(truncatingIfNeeded: random.next()) } }

  private mutating func colour() -> [UInt8] {
    let pixel = (0..<channels).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    return Array(repeatElement(pixel, count: width).joined())
  }

  private mutating func stripes(_ period: Int) -> [UInt8] {
    (0..<channels * width).map { UInt8(truncatingIfNeeded: $0 / (channels * period) * 31) }
  }

  /// The row above, the same (3), with some other bytes (4), or shifted and one level brighter (5).
  private mutating func changed(by kind: UInt64) -> [UInt8] {
    guard bytes.count >= stride else { return noise() }
    var row = Array(bytes.suffix(stride - 1))
    if kind == 4 { for _ in 0..<1 + random.next() % 5 { row[Int(random.next() % UInt64(row.count))] &+= 1 } }
    if kind == 5 { row = (row.dropFirst(channels) + row.prefix(channels)).map { $0 &+ 1 } }
    return row
  }

  /// The heights of random bands that make up the picture.
  mutating func bands() -> [Int] {
    let isWhole = random.next() % 3 == 0
    var heights: [Int] = []
    var left = height
    while left > 0 {
      heights.append(isWhole ? left : min(left, 1 + Int(random.next() % UInt64(height))))
      left -= heights[heights.count - 1]
    }
    return heights
  }
}
