/// Where several uploads go on one picture: in cells of a grid, each whole and as large as its cell allows.
struct UploadGrid {
  private let size: PictureSize
  private let columns: Int
  private let rows: Int
  private let gap: Int

  /// - Parameter count: at least 1.
  init(count: Int, on size: PictureSize) {
    // As many columns as make the cells' shape most like a square.
    let candidates = (1...count).map { columns in
      let rows = (count + columns - 1) / columns
      let (width, height) = (Float(size.width) / Float(columns), Float(size.height) / Float(rows))
      return (columns: columns, rows: rows, worth: min(width, height))
    }
    let best = candidates.max { $0.worth < $1.worth }
    self.size = size
    (columns, rows) = (best?.columns ?? 1, best?.rows ?? 1)
    gap = count == 1 ? 0 : max(1, min(size.width, size.height) / 64)
  }

  /// Where an upload goes: in the middle of its cell, in its own proportions.
  func place(_ index: Int, width: Int, height: Int) -> Box {
    let (column, row) = (index % columns, index / columns)
    let left = size.width * column / columns + gap
    let top = size.height * row / rows + gap
    let cellWidth = max(size.width * (column + 1) / columns - gap - left, 1)
    let cellHeight = max(size.height * (row + 1) / rows - gap - top, 1)
    let scale = min(Float(cellWidth) / Float(width), Float(cellHeight) / Float(height))
    let fitted = (width: max(Int(Float(width) * scale + 0.5), 1), height: max(Int(Float(height) * scale + 0.5), 1))
    let x = left + (cellWidth - fitted.width) / 2
    let y = top + (cellHeight - fitted.height) / 2
    return Box(left: x, top: y, right: x + min(fitted.width, cellWidth), bottom: y + min(fitted.height, cellHeight))
      .intersection(Box(left: 0, top: 0, right: size.width, bottom: size.height))
  }
}
