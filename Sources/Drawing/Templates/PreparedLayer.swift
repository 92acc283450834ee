/// A layer of a template, prepared for one picture.
enum PreparedLayer {
  /// It covers the whole picture.
  case background(PreparedBackground)
  case box(Box, Colour, radius: Int, Opacity)
  case raster(Raster, left: Int, top: Int, radius: Int, Opacity)
  case tile(Tile, Box, PreparedBrush)
  case text(TextLayer, PreparedBrush)
}

/// The colour of a text or of a pattern.
enum PreparedBrush {
  case ink(Ink)
  case colour(Colour, Opacity)
  /// Light or dark, as can be read better on what lies under a rectangle, or the opposite, which can be seen less.
  case readable(on: Box, isOpposite: Bool, Opacity)

  init(_ ink: Ink, _ opacity: Opacity) { self = opacity == .opaque ? .ink(ink) : .colour(ink.colour, opacity) }

  /// Grey on three equal channels is drawn faster.
  init(_ colour: Colour, _ opacity: Opacity) {
    let isGrey = colour.red == colour.green && colour.green == colour.blue
    self = isGrey && opacity == .opaque ? .ink(Ink(level: colour.red)) : .colour(colour, opacity)
  }
}

extension PreparedLayer {
  var isBackground: Bool { if case .background = self { true } else { false } }

  /// Whether it is drawn differently on different colours.
  var looksBelow: Bool {
    switch self {
    case .tile(_, _, .readable), .text(_, .readable): true
    default: false
    }
  }

  /// Ranges of rows in which a row may make the picture's row unlike the one above, as it may at the row below each range; nil if any row may.
  fileprivate var changes: [Range<Int>]? {
    switch self {
    case .background(let background): background.footTop.map { [$0..<$0] }
    case .box(let box, _, let radius, _):
      radius == 0
        ? [box.rows.lowerBound..<box.rows.lowerBound, box.rows.upperBound..<box.rows.upperBound]
        : [box.rows.lowerBound..<box.rows.lowerBound + radius + 1, box.rows.upperBound - min(radius + 1, box.height)..<box.rows.upperBound]
    case .raster(let raster, _, let top, _, _): [top..<top + raster.height]
    case .tile: nil
    case .text(let text, _): text.lines.map(\.rows)
    }
  }
}

extension [PreparedLayer] {
  /// The rows of a picture of these layers that equal the row above, see ``Composition/repeatedRows(in:)``.
  func repeatedRows(in band: Range<Int>) -> [Range<Int>] {
    var changes: [Range<Int>] = []
    for layer in self {
      guard let more = layer.changes else { return [] }
      changes += more
    }
    return band.repeatedRows(between: changes)
  }
}
