/// A background prepared for pictures of one size: its shades are computed, and painting only copies them, band by band.
struct PreparedBackground {
  fileprivate enum Paint {
    /// All rows are the same, but for those of the foot.
    case plain(Ramp, foot: Ramp, footTop: Int)
    /// Each row is a part of one ramp, shifted by whole blocks.
    case sliding(Ramp, Slope)
    /// Each row has one colour, a pixel of the ramp.
    case rows(Ramp, Slope)
    case circles(Circles)
  }

  fileprivate let paint: Paint

  /// If all rows above one are alike, and all from that one on: the row. The picture's height if all rows are alike.
  var footTop: Int? { if case .plain(_, _, let footTop) = paint { footTop } else { nil } }

  init(_ background: Background, on size: PictureSize) {
    switch background {
    case .solid(let colour):
      let row = Ramp(colour, count: size.width)
      paint = .plain(row, foot: row, footTop: size.height)
    case .card(let colour, let foot, let raised):
      let height = size.height - Layout(size).footHeight
      let footTop = height - Int(raised * Float(height))
      paint = .plain(Ramp(colour, count: size.width), foot: Ramp(foot, count: size.width), footTop: footTop)
    case .gradient(let gradient): paint = Self.paint(gradient, on: size)
    }
  }

  private static func paint(_ gradient: Gradient, on size: PictureSize) -> Paint {
    guard let (across, down) = gradient.direction.proportion else { return .circles(Circles(gradient, on: size)) }
    let slope = Slope(across: across, down: down, of: gradient, on: size)
    let shades = Ramp(gradient, count: slope.shadeCount)
    guard slope.blockWidth < size.width else { return .rows(shades, slope) }
    return .sliding(Ramp(shades, repeating: slope.blockWidth), slope)
  }
}

extension Canvas {
  /// Paints the rows that the canvas holds.
  ///
  /// - Parameter repeated: ranges of rows of a plain background of which only the last row is needed.
  mutating func paint(_ background: PreparedBackground, except repeated: [Range<Int>] = []) {
    switch background.paint {
    case .plain(let row, let foot, let footTop):
      paint(row, on: band.clamped(to: 0..<footTop), except: repeated)
      paint(foot, on: band.clamped(to: footTop..<size.height), except: repeated)
    case .sliding(let ramp, let slope):
      for y in band { copy(ramp, from: slope.firstShade(ofRow: y) * slope.blockWidth, toRow: y) }
    case .rows(let shades, let slope): paintRows(of: shades, along: slope)
    case .circles(let circles): paint(circles)
    }
  }

  /// - Parameter repeated: ranges of rows, each within or outside `range`.
  private mutating func paint(_ row: Ramp, on range: Range<Int>, except repeated: [Range<Int>]) {
    var top = range.lowerBound
    for repeated in repeated where range.contains(repeated.lowerBound) {
      paint(row, on: top..<repeated.lowerBound)
      top = repeated.upperBound - 1
    }
    paint(row, on: top..<range.upperBound)
  }

  /// Copies a few rows again and again, as many as fit the processor's first cache. Copying one row at a time takes a third longer.
  private mutating func paint(_ row: Ramp, on range: Range<Int>) {
    guard !range.isEmpty else { return }
    let height = min(max(Self.repeatedByteCount / stride, 1), range.count)
    for y in range.prefix(height) { copy(row, from: 0, toRow: y) }
    let (stride, top) = (stride, range.lowerBound - band.lowerBound)
    withMutableRows { rows in
      for y in Swift.stride(from: height, to: range.count, by: height) {
        rows.copy(from: top * stride, to: (top + y) * stride, count: min(height, range.count - y) * stride)
      }
    }
  }

  private static let repeatedByteCount = 16 * 1024

  private mutating func paintRows(of shades: Ramp, along slope: Slope) {
    let first = band.lowerBound / slope.blockHeight * slope.blockHeight
    for top in Swift.stride(from: first, to: band.upperBound, by: slope.blockHeight) {
      let row = Ramp(shades[slope.firstShade(ofRow: top)], count: size.width)
      for y in (top..<top + slope.blockHeight).clamped(to: band) { copy(row, from: 0, toRow: y) }
    }
  }

  private mutating func copy(_ ramp: Ramp, from first: Int, toRow y: Int) {
    let target = offset(x: 0, y: y)
    let pixels = 3 * first..<3 * (first + size.width)
    withMutableRows { rows in rows.copy(ramp.bytes.span.extracting(pixels), to: target) }
  }
}
