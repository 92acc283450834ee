/// Up to 256 colours, and possibly an entry that stands for none of them.
struct Palette: Equatable {
  /// The entries, 0xRRGGBB.
  let colours: [UInt32]
  /// The entry for transparent pixels; nil if all are colours.
  let free: UInt8?
  /// The channels of all colours, sixteen to a vector. The last vector is filled up with the first colour.
  private let channels: [(red: Lanes, green: Lanes, blue: Lanes)]

  private typealias Lanes = SIMD16<Int32>

  private static let firstIndices: Lanes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]

  /// - Parameter hasFree: whether there is an entry for transparent pixels, behind the colours.
  init(_ colours: [UInt32], hasFree: Bool = false) {
    self.colours = colours + (hasFree ? [0] : [])
    free = hasFree ? UInt8(colours.count) : nil
    channels = stride(from: 0, to: colours.count, by: Lanes.scalarCount).map { first in
      func lanes(_ shift: UInt32) -> Lanes {
        var lanes = Lanes()
        for lane in 0..<Lanes.scalarCount {
          let colour = first + lane < colours.count ? colours[first + lane] : colours[0]
          lanes[lane] = Int32(colour >> shift & 0xff)
        }
        return lanes
      }
      return (lanes(16), lanes(8), lanes(0))
    }
  }

  static func == (one: Palette, other: Palette) -> Bool { one.colours == other.colours && one.free == other.free }

  /// The bits of an index, 1 to 8.
  var bits: Int { max(1, Int.bitWidth - (max(colours.count, 1) - 1).leadingZeroBitCount) }

  /// The colour that is nearest to another one in RGB.
  ///
  /// - Returns: its index, and the square of the distance.
  func nearest(to colour: UInt32) -> (index: UInt8, error: UInt32) {
    let (red, green, blue) = (Int32(colour >> 16 & 0xff), Int32(colour >> 8 & 0xff), Int32(colour & 0xff))
    // The error in the upper bits and the index in the lower eight: the least of such numbers has both.
    var best = Lanes(repeating: .max)
    var indices = Self.firstIndices
    for lanes in channels {
      let (across, down, deep) = (lanes.red &- red, lanes.green &- green, lanes.blue &- blue)
      let errors = across &* across &+ down &* down &+ deep &* deep
      let numbers = errors &<< 8 | indices
      best.replace(with: numbers, where: numbers .< best)
      indices &+= Int32(Lanes.scalarCount)
    }
    let least = UInt32(bitPattern: best.min())
    return (UInt8(least & 0xff), least >> 8)
  }
}
