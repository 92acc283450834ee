import FoundationEssentials
import ImageCoding

extension DecodedImage {
  /// Red, green and blue.
  subscript(x: Int, y: Int) -> [UInt8] { Array(rgba(x, y).prefix(3)) }

  func rgba(_ x: Int, _ y: Int) -> [UInt8] { Array(pixels[4 * (y * width + x)..<4 * (y * width + x) + 4]) }

  /// The first and last column and row that have a pixel: left, top, right, bottom; nil if none has.
  private func box(where isMeant: ([UInt8]) -> Bool) -> [Int]? {
    var box: [Int]?
    for y in 0..<height {
      for x in 0..<width where isMeant(self[x, y]) {
        box = box.map { [min($0[0], x), $0[1], max($0[2], x), y] } ?? [x, y, x, y]
      }
    }
    return box
  }

  func box(of colour: [UInt8]) -> [Int]? { box { $0 == colour } }

  func boxOfOthers(than colour: [UInt8]) -> [Int]? { box { $0 != colour } }

  func hasLike(_ isMeant: ([UInt8]) -> Bool) -> Bool { box(where: isMeant) != nil }

  /// The first and the last column of other colours in each line of text, which is a group of rows that have any.
  func rows(otherThan colour: [UInt8]) -> [(first: Int, last: Int)] {
    var lines: [(first: Int, last: Int)] = []
    var isInLine = false
    for y in 0..<height {
      let columns = (0..<width).filter { self[$0, y] != colour }
      guard let first = columns.first, let last = columns.last else {
        isInLine = false
        continue
      }
      if isInLine {
        lines[lines.count - 1] = (min(lines[lines.count - 1].first, first), max(lines[lines.count - 1].last, last))
      } else {
        lines.append((first, last))
      }
      isInLine = true
    }
    return lines
  }
}

extension [UInt8] {
  func containsText(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    return indices.contains { self[$0...].starts(with: wanted) }
  }

  /// The content of a file; nil if it cannot be read.
  static func file(_ path: String) -> [UInt8]? { (try? Data(contentsOf: URL(filePath: path))).map { [UInt8]($0) } }
}

/// Decodes a file. The compiler of Swift 6.3 ends at a span of a value without a name that a throwing call takes.
func decoded(_ file: [UInt8]) throws -> DecodedImage { try ImageDecoder.decode(file.span) }
