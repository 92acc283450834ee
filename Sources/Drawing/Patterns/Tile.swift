/// The part of a pattern that repeats in both directions: how much ink lies on each pixel.
///
/// Shapes are drawn here once and wrap around all four edges. The canvas gets only the finished tile.
struct Tile: Sendable {
  let width: Int
  let height: Int
  /// The ink on each pixel, row by row: 0 (none) to 255.
  private(set) var amounts: [UInt8]
  /// The shapes that were drawn, the lowest first.
  private(set) var layers: [Layer] = []

  struct Layer: Sendable {
    let outline: any Outlined
    let opacity: Float
    /// Whether it belongs to the same figure as the layer before it, as the arms of a cross do.
    let isJoined: Bool
  }

  /// Makes an empty tile.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    amounts = [UInt8](repeating: 0, count: width * height)
  }

  /// The opacity of the densest pixel.
  var densest: Opacity { Opacity(Float(amounts.span.largest(of: 0..<amounts.count)) / 255) }

  /// The tile shifted to the right. Columns that leave on the right come in on the left.
  func moved(by columns: Int) -> Tile {
    guard columns % width != 0 else { return self }
    var tile = self
    let cut = width - columns % width
    tile.amounts.removeAll(keepingCapacity: true)
    for start in Swift.stride(from: 0, to: amounts.count, by: width) {
      tile.amounts += amounts[start + cut..<start + width]
      tile.amounts += amounts[start..<start + cut]
    }
    return tile
  }

  /// The tile shifted up. Rows that leave at the top come in at the bottom.
  func raised(by rows: Int) -> Tile {
    guard rows % height != 0 else { return self }
    var tile = self
    let cut = rows % height * width
    tile.amounts = Array(amounts[cut...] + amounts[..<cut])
    return tile
  }

  /// The tile with a share of its ink.
  func faded(to share: Float) -> Tile {
    guard share < 1 else { return self }
    var tile = self
    let levels = (0...255).map { UInt8((Float($0) * share).rounded()) }
    tile.amounts = amounts.map { levels[Int($0)] }
    return tile
  }

  /// Adds translucent ink within a shape. Earlier layers show through, so overlaps are denser than either layer.
  ///
  /// - Parameters:
  ///   - opacity: 0 to 1, for pixels that the shape covers fully.
  ///   - isJoined: whether the shape belongs to the same figure as the one before it.
  mutating func fill(_ shape: some Shape, opacity: Float, isJoined: Bool = false) {
    layers.append(Layer(outline: shape, opacity: opacity, isJoined: isJoined))
    let (width, height) = (width, height)
    withMutableAmounts { amounts in
      // Shapes may reach into the neighbouring tiles; those parts wrap around to the opposite edge.
      shape.scan(columns: -width..<2 * width, height: -height..<2 * height) { y, columns, coverage in
        let row = (y + height) % height * width
        for period in [-width, 0, width] {
          let part = columns.clamped(to: period..<period + width)
          amounts.thicken(by: Opacity(coverage * opacity), over: row + part.lowerBound - period..<row + part.upperBound - period)
        }
      }
    }
  }

  /// Draws lines on one map, which is as large as the tile.
  mutating func draw(_ lines: [ContourLines]) {
    layers += lines.map { Layer(outline: $0, opacity: $0.opacity, isJoined: false) }
    guard let map = lines.first?.map else { return }
    let (width, height) = (width, height)
    withMutableAmounts { amounts in
      var (above, here) = (map.row(-1), map.row(0))
      for y in 0..<height {
        let below = map.row(y + 1)
        let slopes = map.slopes(ofRow: here, between: above, and: below)
        for line in lines { amounts.draw(line, at: y * width, heights: here.span, slopes: slopes.span) }
        (above, here) = (here, below)
      }
    }
  }

  private mutating func withMutableAmounts(_ body: (inout MutableSpan<UInt8>) -> Void) {
    var amounts = amounts.mutableSpan
    body(&amounts)
  }
}

extension Canvas {
  /// Repeats a tile over the whole picture. A corner of the tile lies in the centre, so that opposite edges of the picture look alike.
  ///
  /// Each row of the tile is extended to the width of the picture once, and then blended with every row where it repeats.
  mutating func cover(with tile: Tile, ink: Ink) {
    let (left, top) = (size.width / 2 % tile.width, size.height / 2 % tile.height)
    var mask = [UInt8](repeating: 0, count: 3 * size.width)
    for first in band.prefix(tile.height) {
      let row = (first + tile.height - top) % tile.height
      guard tile.spread(row: row, startingAt: (tile.width - left) % tile.width, over: &mask) else { continue }
      for y in Swift.stride(from: first, to: band.upperBound, by: tile.height) {
        let target = offset(x: 0, y: y)
        withMutableRows { rows in rows.blend(ink.level, through: mask.span, at: target) }
      }
    }
  }
}

extension Canvas {
  /// Repeats a tile over a rectangle of the picture, at the same places as over the whole picture.
  mutating func cover(_ box: Box, with tile: Tile, colour: Colour, opacity: Opacity) {
    let (left, top) = (size.width / 2 % tile.width, size.height / 2 % tile.height)
    let columns = box.columns.clamped(to: 0..<size.width)
    let lines = box.rows.clamped(to: band)
    guard !columns.isEmpty else { return }
    var mask = [UInt8](repeating: 0, count: 3 * size.width)
    for first in lines.prefix(tile.height) {
      let row = (first + tile.height - top) % tile.height
      guard tile.spread(row: row, startingAt: (tile.width - left) % tile.width, over: &mask) else { continue }
      for y in Swift.stride(from: first, to: lines.upperBound, by: tile.height) {
        let target = offset(x: columns.lowerBound, y: y)
        let part = mask.span.extracting(3 * columns.lowerBound..<3 * columns.upperBound)
        withMutableRows { rows in rows.blendPixels(colour, opacity: opacity, through: part, isFine: true, at: target) }
      }
    }
  }
}

extension Tile {
  /// Repeats a row of the tile over a mask, with each amount three times for red, green and blue.
  ///
  /// - Returns: whether the row has any ink; if not, the mask is unchanged.
  fileprivate func spread(row: Int, startingAt first: Int, over mask: inout [UInt8]) -> Bool {
    let (start, amounts) = (row * width, amounts.span)
    guard amounts.largest(of: start..<start + width) > 0 else { return false }
    let once = min(width, mask.count / 3)
    let beforeEdge = min(width - first, once)
    var bytes = mask.mutableSpan
    bytes.triple(amounts.extracting(start + first..<start + first + beforeEdge), at: 0)
    bytes.triple(amounts.extracting(start..<start + once - beforeEdge), at: 3 * beforeEdge)
    var filled = 3 * once
    while filled < bytes.count {
      let more = min(filled, bytes.count - filled)
      bytes.copy(from: 0, to: filled, count: more)
      filled += more
    }
    return true
  }
}
