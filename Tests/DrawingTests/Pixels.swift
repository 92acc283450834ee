import Glibc

@testable import Drawing

/// A copy of a canvas's pixels.
struct Pixels: Equatable {
  let size: PictureSize
  let stride: Int
  let rows: [UInt8]

  init(_ canvas: borrowing Canvas) {
    size = canvas.size
    stride = canvas.stride
    rows = canvas.withRows { rows in unsafe rows.withUnsafeBufferPointer { unsafe Array($0) } }
  }

  /// Draws a placeholder on a canvas of its own.
  init(_ placeholder: Placeholder, with textRenderer: TextRenderer) {
    var canvas = Canvas(size: placeholder.description.size)
    placeholder.draw(on: &canvas, with: textRenderer)
    self.init(canvas)
  }

  subscript(x: Int, y: Int) -> Colour {
    let offset = y * stride + 1 + 3 * x
    return Colour(red: rows[offset], green: rows[offset + 1], blue: rows[offset + 2])
  }

  var colours: [Colour] {
    (0..<size.height).flatMap { y in (0..<size.width).map { x in self[x, y] } }
  }

  /// The pixels that differ from another picture of the same size.
  func differences(from other: Pixels) -> [(x: Int, y: Int)] {
    (0..<size.height).filter { !hasEqualBytes(to: other, row: $0, columns: 0..<size.width) }
      .flatMap { y in (0..<size.width).map { x in (x, y) } }.filter { self[$0.0, $0.1] != other[$0.0, $0.1] }
  }

  /// Whether a part of a row equals that of another picture of the same size, in the same row or another. (It uses `memcmp`, because tests
  /// may run unoptimised.)
  func hasEqualBytes(to other: Pixels, row y: Int, columns: Range<Int>, asRow otherRow: Int? = nil) -> Bool {
    let offset = y * stride + 1 + 3 * columns.lowerBound
    let otherOffset = offset + ((otherRow ?? y) - y) * stride
    return unsafe rows.withUnsafeBytes { mine in
      unsafe other.rows.withUnsafeBytes { theirs in
        unsafe memcmp(mine.baseAddress! + offset, theirs.baseAddress! + otherOffset, 3 * columns.count) == 0
      }
    }
  }

  /// The smallest box around all differences from another picture of the same size; nil if there are none.
  func changedBox(from other: Pixels) -> Box? {
    let changedRows = (0..<size.height).filter { !hasEqualBytes(to: other, row: $0, columns: 0..<size.width) }
    guard let top = changedRows.first, let bottom = changedRows.last else { return nil }
    func isChanged(_ columns: Range<Int>) -> Bool { changedRows.contains { !hasEqualBytes(to: other, row: $0, columns: columns) } }
    guard let left = (0..<size.width).first(where: { isChanged($0..<$0 + 1) }),
      let right = (0..<size.width).last(where: { isChanged($0..<$0 + 1) })
    else { return nil }
    return Box(left: left, top: top, right: right + 1, bottom: bottom + 1)
  }

  /// A picture of one colour.
  static func plain(_ size: PictureSize, _ colour: Colour) -> Pixels {
    var canvas = Canvas(size: size)
    canvas.paint(.solid(colour))
    return Pixels(canvas)
  }
}
