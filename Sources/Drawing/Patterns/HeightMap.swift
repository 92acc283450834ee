import Glibc

/// Hills and valleys on an area whose opposite edges fit each other: waves of several directions and lengths, added up.
struct HeightMap {
  /// How often it goes up and down on the way from the left edge to the right one and from the top to the bottom, how high, and where it
  /// begins, in turns.
  struct Wave {
    let across: Int
    let down: Int
    let height: Float
    let start: Float
  }

  let width: Int
  let height: Int
  private let waves: [Wave]
  /// Row by row.
  private(set) var heights: [Float]

  init(width: Int, height: Int, waves: [Wave]) {
    (self.width, self.height) = (width, height)
    self.waves = waves
    heights = [Float](repeating: 0, count: width * height)
    for wave in waves { add(wave) }
  }

  /// The same hills with so many pixels a side.
  func sampled(_ side: Int) -> HeightMap { HeightMap(width: side, height: side, waves: waves) }

  /// A cosine of a sum is two products, so that the only cosines are those of an edge's pixels.
  private mutating func add(_ wave: Wave) {
    let across = Self.turns(wave.across, from: wave.start, over: width)
    let down = Self.turns(wave.down, from: 0, over: height)
    let (width, height) = (width, height)
    var target = heights.mutableSpan
    for y in 0..<height {
      let (cosine, sine) = (wave.height * down[y].cosine, wave.height * down[y].sine)
      for x in 0..<width { target[y * width + x] += across[x].cosine * cosine - across[x].sine * sine }
    }
  }

  private static func turns(_ count: Int, from start: Float, over length: Int) -> [(cosine: Float, sine: Float)] {
    (0..<length).map { place in
      let angle = 2 * Float.pi * (start + Float(count * place) / Float(length))
      return (cosf(angle), sinf(angle))
    }
  }

  /// How many pixels a pixel is away from where the height is the nearest multiple of an interval, as the slope says. On summits and
  /// passes, where there is hardly a slope, it counts as a little steeper, lest lines run together.
  func distance(ofColumn x: Int, row y: Int, toMultiplesOf interval: Float) -> Float {
    let row = y * width
    let here = heights[row + x]
    let across = heights[row + (x + 1 == width ? 0 : x + 1)] - heights[row + (x == 0 ? width - 1 : x - 1)]
    let down = heights[(y + 1 == height ? 0 : row + width) + x] - heights[(y == 0 ? (height - 1) * width : row - width) + x]
    let slope = (across * across + down * down).squareRoot() / 2
    // To even, for which the processor has an instruction; halves are as far from either line.
    let rest = abs(here - (here / interval).rounded(.toNearestOrEven) * interval)
    return rest / max(slope, Self.leastSlope * Float(Self.reference) / Float(width))
  }

  /// Heights a pixel, on a map of so many pixels across.
  private static let leastSlope: Float = 0.012
  private static let reference = 512
}
