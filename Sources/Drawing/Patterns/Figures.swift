/// The figures of a pattern that lie as a whole in a field with round corners, for transparent pictures: a figure that the field's edge cut
/// would look broken on the page behind it.
struct Figures {
  /// A figure: a shape, or several that belong together.
  struct Figure {
    fileprivate(set) var layers: [Tile.Layer] = []
    /// The pixels that its shapes touch, at its place in the tile.
    fileprivate(set) var box: Box
    /// The offsets of its copies from its place in the tile.
    fileprivate(set) var places: [SIMD2<Int>] = []
  }

  private(set) var figures: [Figure] = []
  /// The factor for the opacities of layers, with which the densest part shows ``Placeholder/fieldOpacity`` of the background.
  let density: Float

  /// - Parameters:
  ///   - tile: a corner of it lies in the centre of the picture.
  ///   - shift: pixels by which the pattern is moved to the right and down.
  ///   - strength: a factor for all opacities.
  ///   - labels: areas that figures leave free.
  init(of tile: Tile, shift: SIMD2<Int> = .zero, strength: Float = 1, on size: PictureSize, in layout: Layout, around labels: [Box]) {
    density = strength * Placeholder.fieldOpacity / max(tile.densest.share, 0.01)
    for layer in tile.layers {
      guard let shape = layer.outline as? any Shape, let box = shape.box(around: tile) else { continue }
      if !layer.isJoined { figures.append(Figure(box: box)) }
      figures[figures.count - 1].layers.append(layer)
      figures[figures.count - 1].box = figures[figures.count - 1].box.union(box)
    }
    let field = RoundedRectangle(layout.safe, radius: layout.safeRadius)
    let keptFree = labels.map { $0.grown(by: layout.padding / 2) }
    let (left, top) = ((size.width / 2 + shift.x) % tile.width - tile.width, (size.height / 2 + shift.y) % tile.height - tile.height)
    for index in figures.indices {
      for y in Swift.stride(from: top, to: size.height, by: tile.height) {
        for x in Swift.stride(from: left, to: size.width, by: tile.width) {
          let box = figures[index].box.moved(x: x, y: y)
          if field.contains(box), !keptFree.contains(where: box.overlaps) { figures[index].places.append(SIMD2(x, y)) }
        }
      }
    }
  }
}

extension Canvas {
  /// Draws figures in an ink.
  mutating func fill(_ figures: Figures, with ink: Ink) {
    for figure in figures.figures {
      for layer in figure.layers {
        guard let shape = layer.outline as? any Shape else { continue }
        fill(shape, at: figure.places, with: ink, opacity: min(layer.opacity * figures.density, 1))
      }
    }
  }

  /// Blends ink within copies of a shape, none of which leaves the picture.
  private mutating func fill(_ shape: some Shape, at places: [SIMD2<Int>], with ink: Ink, opacity: Float) {
    let reach = -PictureSize.maximumSide..<PictureSize.maximumSide
    let (stride, first) = (stride, offset(x: 0, y: 0))
    withMutableRows { rows in
      shape.scan(columns: reach, height: reach) { y, columns, coverage in
        let opacity = Opacity(opacity * coverage)
        for place in places {
          let row = first + (y + place.y) * stride
          rows.blend(ink.level, opacity: opacity, over: row + 3 * (columns.lowerBound + place.x)..<row + 3 * (columns.upperBound + place.x))
        }
      }
    }
  }
}

extension Shape {
  /// The pixels that the shape touches in a tile and its neighbours; nil if it touches none.
  fileprivate func box(around tile: Tile) -> Box? {
    var touched: Box?
    scan(columns: -tile.width..<2 * tile.width, height: -tile.height..<2 * tile.height) { y, columns, _ in
      let run = Box(left: columns.lowerBound, top: y, right: columns.upperBound, bottom: y + 1)
      touched = touched?.union(run) ?? run
    }
    return touched
  }

  /// Whether a box lies inside the shape, which has no dents.
  fileprivate func contains(_ box: Box) -> Bool {
    [box.columns.lowerBound, box.columns.upperBound].allSatisfy { x in
      [box.rows.lowerBound, box.rows.upperBound].allSatisfy { y in distance(x: Float(x), y: Float(y)) <= 0 }
    }
  }
}
