import Glibc

extension Canvas {
  /// Draws the layers of a template on all rows.
  ///
  /// - Parameter repeated: ranges of which only the last row is needed, see ``Swift/Array/repeatedRows(in:)``.
  mutating func draw(_ layers: [PreparedLayer], except repeated: [Range<Int>] = []) {
    for layer in layers {
      switch layer {
      case .background(let background): paint(background, except: repeated)
      case .box(let box, let colour, let radius, let opacity): fill(box, with: colour, radius: radius, opacity: opacity)
      case .raster(let raster, let left, let top, let radius, let opacity):
        lay(raster, left: left, top: top, radius: radius, opacity: opacity)
      case .tile(let tile, let box, let brush): cover(box, with: tile, resolved(brush))
      case .text(let text, let brush): draw(text, resolved(brush), within: size.box)
      }
    }
  }

  /// The brush, if it depends on what has been drawn.
  private func resolved(_ brush: PreparedBrush) -> Brush {
    switch brush {
    case .ink(let ink): return .ink(ink)
    case .colour(let colour, let opacity): return .colour(colour, opacity)
    case .readable(let box, let isOpposite, let opacity):
      let ink = mostReadableInk(on: box)
      let brush = isOpposite ? ink.opposite : ink
      return opacity == .opaque ? .ink(brush) : .colour(brush.colour, opacity)
    }
  }

  /// The ink with more contrast to the pixels of a rectangle, of which as many are looked at in each direction.
  private func mostReadableInk(on box: Box) -> Ink {
    let seen = box.intersection(size.box)
    guard seen.width > 0, seen.height > 0 else { return .dark }
    let (across, down) = (max(seen.width / Self.samples, 1), max(seen.height / Self.samples, 1))
    var contrast: (light: Float, dark: Float) = (0, 0)
    let (lightness, darkness) = (Ink.light.colour.luminance, Ink.dark.colour.luminance)
    withRows { rows in
      for y in Swift.stride(from: seen.rows.lowerBound, to: seen.rows.upperBound, by: down) {
        for x in Swift.stride(from: seen.columns.lowerBound, to: seen.columns.upperBound, by: across) {
          let offset = offset(x: x, y: y)
          let luminance = Colour(red: rows[offset], green: rows[offset + 1], blue: rows[offset + 2]).luminance
          // The logarithms of WCAG's ratios can be added.
          contrast.light += logf((lightness + 0.05) / (luminance + 0.05))
          contrast.dark += logf((luminance + 0.05) / (darkness + 0.05))
        }
      }
    }
    return contrast.light >= contrast.dark ? .light : .dark
  }

  private static let samples = 24

  /// Repeats a tile over a rectangle, at the same places as over the whole picture.
  private mutating func cover(_ box: Box, with tile: Tile, _ brush: Brush) {
    if case .ink(let ink) = brush, box == size.box { return cover(with: tile, ink: ink) }
    cover(box, with: tile, colour: brush.colour, opacity: brush.opacity)
  }
}

/// What letters are drawn with.
enum Brush {
  case ink(Ink)
  case colour(Colour, Opacity)

  var colour: Colour {
    switch self {
    case .ink(let ink): ink.colour
    case .colour(let colour, _): colour
    }
  }

  var opacity: Opacity { if case .colour(_, let opacity) = self { opacity } else { .opaque } }
}
