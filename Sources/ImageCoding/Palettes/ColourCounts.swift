/// The colours of a picture and the number of pixels of each, in a hash table with open addressing. A colour has 24 bits.
struct ColourCounts {
  /// 0 marks an empty place; colours have an additional bit above their 24.
  private var keys: [UInt32]
  /// The number of pixels of each colour, and later its index in the palette.
  private var values: [UInt32]
  private(set) var count = 0

  private static let capacity = 1 << 16
  private static let used: UInt32 = 1 << 24

  /// The most colours to distinguish. Only photographs have more, and their lowest bits are noise.
  private static let limit = capacity / 2

  /// The bits of each channel that are distinguished: fewer than 8 if the picture has too many colours.
  private let mask: UInt32

  init(_ image: RowPixels, of rows: Span<UInt8>) {
    for bits in [8, 7, 6] as [UInt32] {
      let counts = Self(image, of: rows, mask: Self.mask(bits: bits))
      if counts.count <= Self.limit {
        self = counts
        return
      }
    }
    // 32768 colours always fit.
    self.init(image, of: rows, mask: Self.mask(bits: 5))
  }

  private init(_ image: RowPixels, of rows: Span<UInt8>, mask: UInt32) {
    self.mask = mask
    keys = [UInt32](repeating: 0, count: Self.capacity)
    values = [UInt32](repeating: 0, count: Self.capacity)
    image.forEachRun(of: rows) { colour, run in
      if let colour, count <= Self.limit { add(colour & mask, UInt32(run)) }
    }
  }

  /// Each colour with its number of pixels.
  var all: [(colour: UInt32, pixels: UInt32)] {
    keys.indices.filter { keys[$0] != 0 }.map { (keys[$0] & ~Self.used, values[$0]) }
  }

  /// The value that was last set for a colour of the picture.
  subscript(colour: UInt32) -> UInt32 {
    get { values[place(of: colour & mask)] }
    set { values[place(of: colour & mask)] = newValue }
  }

  private mutating func add(_ colour: UInt32, _ pixels: UInt32) {
    let place = place(of: colour)
    if keys[place] == 0 {
      keys[place] = colour | Self.used
      count += 1
    }
    values[place] &+= pixels
  }

  private func place(of colour: UInt32) -> Int {
    // Knuth's multiplicative hashing: 2³² divided by the golden ratio.
    var place = Int((colour &* 2_654_435_769) >> 16)
    while keys[place] != 0, keys[place] != colour | Self.used { place = (place + 1) & (Self.capacity - 1) }
    return place
  }

  private static func mask(bits: UInt32) -> UInt32 {
    let channel: UInt32 = 0xff << (8 - bits) & 0xff
    return channel << 16 | channel << 8 | channel
  }
}
