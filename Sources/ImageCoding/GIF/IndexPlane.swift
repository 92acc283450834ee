import Glibc

/// An index for each pixel of a picture, row by row.
@safe
struct IndexPlane: ~Copyable {
  private let width: Int
  private let height: Int
  private let indices: UnsafeMutablePointer<UInt8>

  /// Bytes behind the indices, so that short runs can be written eight at a time, and compared sixteen at a time.
  private static let slack = 16

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    unsafe indices = .allocate(capacity: width * height + Self.slack)
  }

  deinit { unsafe indices.deallocate() }

  var isEmpty: Bool { width == 0 }

  /// The first indices. They are there as long as the plane is. Sixteen bytes can be read from any of them on.
  @unsafe func first(_ count: Int) -> UnsafeBufferPointer<UInt8> {
    precondition(count <= width * height, "more indices than pixels")
    return unsafe UnsafeBufferPointer(start: indices, count: count)
  }

  /// Sets every index.
  ///
  /// - Returns: false if the mapper does not accept the errors; the indices are incomplete then.
  func fill(from image: RowPixels, with mapper: inout PaletteMapper) -> Bool {
    precondition(image.width == width && image.height == height, "a picture of another size")
    // The sums of the errors of each part of a row.
    var errors = [UInt64](repeating: 0, count: image.parts)
    var sum: UInt64 = 0
    for y in 0..<height {
      let row = unsafe indices + y * width
      if image.isLikeRowAbove(y) {
        unsafe row.update(from: row - width, count: width)
      } else {
        sum = 0
        for part in 0..<image.parts {
          let columns = image.columns(ofPart: part)
          if image.isLikeAbove(columns, inRow: y) {
            let above = unsafe UnsafeRawPointer(row + columns.lowerBound - width)
            unsafe Self.set(row + columns.lowerBound, to: above.loadUnaligned(as: UInt64.self).littleEndian)
          } else {
            let (indices, error) = Self.entries(of: image, columns, inRow: y, &mapper)
            errors[part] = error
            unsafe Self.set(row + columns.lowerBound, to: indices)
          }
          sum += errors[part]
        }
      }
      guard mapper.accepts(sum) else { return false }
    }
    return true
  }

  /// The indices of a part of a row, the first in the lowest byte, and the sum of their errors. If not all pixels are equal, each is looked
  /// up: the processor could not guess where a run ends.
  @inline(__always)
  private static func entries(
    of image: RowPixels, _ columns: Range<Int>, inRow y: Int, _ mapper: inout PaletteMapper
  ) -> (indices: UInt64, error: UInt64) {
    if image.isPlain(columns, inRow: y) {
      let entry = mapper.entry(for: image.colour(columns.lowerBound, inRow: y))
      return (UInt64(entry & 0xff) &* 0x0101_0101_0101_0101, UInt64(entry >> 8) &* UInt64(columns.count))
    }
    var (indices, error): (UInt64, UInt64) = (0, 0)
    for x in columns {
      let entry = mapper.entry(for: image.colour(x, inRow: y))
      indices |= UInt64(entry & 0xff) &<< UInt64(8 &* (x &- columns.lowerBound))
      error &+= UInt64(entry >> 8)
    }
    return (indices, error)
  }

  /// Sets eight indices from left to right. What lies right of a part is set later.
  @inline(__always)
  private static func set(_ place: UnsafeMutablePointer<UInt8>, to eight: UInt64) {
    unsafe UnsafeMutableRawPointer(place).storeBytes(of: eight.littleEndian, as: UInt64.self)
  }

  /// The smallest area that has all differences from another plane; a single pixel if there are none.
  func difference(from other: borrowing IndexPlane) -> FrameArea {
    precondition(other.width == width && other.height == height, "planes of different sizes")
    var (left, right, top, bottom) = (width, 0, height, 0)
    for y in 0..<height {
      let (one, two) = unsafe (indices + y * width, other.indices + y * width)
      guard unsafe memcmp(one, two, width) != 0 else { continue }
      (top, bottom) = (min(top, y), y + 1)
      for x in 0..<left where unsafe one[x] != two[x] {
        left = x
        break
      }
      for x in (right..<width).reversed() where unsafe one[x] != two[x] {
        right = x + 1
        break
      }
    }
    return bottom == 0 ? FrameArea(columns: 0..<1, rows: 0..<1) : FrameArea(columns: left..<right, rows: top..<bottom)
  }

  /// Takes an area of a newer plane, and moves its rows to the beginning.
  ///
  /// - Parameter free: replaces indices that are equal in both; nil for none.
  mutating func keep(_ area: FrameArea, of newer: borrowing IndexPlane, insteadOfEqual free: UInt8?) {
    precondition(newer.width == width && newer.height == height, "planes of different sizes")
    precondition(area.columns.upperBound <= width && area.rows.upperBound <= height, "an area outside the plane")
    for (row, y) in area.rows.enumerated() {
      let start = y * width + area.columns.lowerBound
      let (old, new) = unsafe (indices + start, newer.indices + start)
      if let free {
        for x in 0..<area.columns.count { unsafe old[x] = old[x] == new[x] ? free : new[x] }
      } else {
        unsafe old.update(from: new, count: area.columns.count)
      }
      if row * area.columns.count < start { unsafe memmove(indices + row * area.columns.count, old, area.columns.count) }
    }
  }
}

/// A rectangle of pixels of a picture; not empty.
struct FrameArea {
  let columns: Range<Int>
  let rows: Range<Int>
}
