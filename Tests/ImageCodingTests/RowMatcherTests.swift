import Hashing
import Testing

@testable import ImageCoding

@Suite struct RowMatcherTests {
  private enum Found: Equatable {
    case literal(UInt8)
    case match(length: Int, distance: Int)
  }

  /// Matches rows, in one call or as many as have room for their tokens.
  private static func tokens(
    of rows: [UInt8], stride: Int, channels: Int = 3, behind earlier: [UInt8] = [], history: Int? = nil
  ) -> [Found] {
    var matcher = RowMatcher()
    let shape = RowShape(stride: stride, pixelStride: channels)
    let all = earlier + rows
    return unsafe all.withUnsafeBytes { all in
      var found: [Found] = []
      for range in [0..<earlier.count, earlier.count..<all.count] where !range.isEmpty {
        found = []
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: all[range])
        var tokens = Tokens()
        var end = 0
        while end < range.count {
          tokens.removeAll()
          end = unsafe matcher.match(bytes, from: end, shape, history: min(range.lowerBound, history ?? .max), to: &tokens)
          unsafe found += tokens.tokens.map(Self.found)
        }
      }
      return found
    }
  }

  private static func found(_ token: Token) -> Found {
    guard token.distanceSymbol < Symbols.distanceCount else { return .literal(UInt8(token.value)) }
    let extraBits = Symbols.extraBits(ofDistanceSymbol: token.distanceSymbol)
    let base = token.distanceSymbol < 4 ? token.distanceSymbol : (2 + token.distanceSymbol % 2) << extraBits
    return .match(length: token.value - 256 + 3, distance: base + Int(token.distanceExtra) + 1)
  }

  private static func bytes(_ found: [Found], after earlier: [UInt8] = []) -> [UInt8] {
    var bytes = earlier
    for found in found {
      switch found {
      case .literal(let byte): bytes.append(byte)
      case .match(let length, let distance): for _ in 0..<length { bytes.append(bytes[bytes.count - distance]) }
      }
    }
    return Array(bytes.dropFirst(earlier.count))
  }

  /// Rows of noise, each behind a filter byte.
  private static func noise(_ width: Int, _ height: Int, channels: Int = 3, seed: UInt64 = 1) -> [UInt8] {
    var random = SplitMix64(seed: seed)
    return (0..<height).flatMap { _ in [0] + (0..<channels * width).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
  }

  @Test func `a row like the one above is one match at the distance of a row`() {
    let row = Self.noise(80, 1)
    let found = Self.tokens(of: row + row, stride: 241)
    #expect(found == row.map(Found.literal) + [.match(length: 241, distance: 241)])
  }

  @Test(arguments: [3, 4])
  func `a row of one colour is a pixel and matches at the distance of a pixel`(channels: Int) {
    let row: [UInt8] = [0] + repeatElement([9, 8, 7, 6].prefix(channels), count: 200).joined()
    let found = Self.tokens(of: row, stride: row.count, channels: channels)
    #expect(found.prefix(1 + channels) == ArraySlice(row.prefix(1 + channels).map(Found.literal)))
    let rest = found.dropFirst(1 + channels).map { found in if case .match(_, channels) = found { true } else { false } }
    #expect(!rest.isEmpty && rest.allSatisfy(\.self))
    #expect(Self.bytes(found) == row)
  }

  @Test func `a shape that recurs elsewhere is found by its first six bytes`() {
    let shape = Self.noise(20, 1, seed: 7).dropFirst()
    let rows =
      [0] + Self.noise(50, 1).dropFirst() + shape + Self.noise(13, 1, seed: 3).dropFirst() + shape
      + Self.noise(30, 1, seed: 4).dropFirst()
    let found = Self.tokens(of: rows, stride: rows.count)
    #expect(found.contains(.match(length: 60, distance: 99)))
    #expect(Self.bytes(found) == rows)
  }

  @Test func `no match is longer than deflate's longest, or leaves less than its shortest`() {
    for width in [86, 87, 171, 172, 173, 1400] {
      let row = Self.noise(width, 1)
      let found = Self.tokens(of: row + row, stride: row.count)
      let lengths = found.compactMap { if case .match(let length, _) = $0 { length } else { nil } }
      #expect(lengths.reduce(0, +) == row.count)
      #expect(lengths.allSatisfy { (3...258).contains($0) })
    }
  }

  @Test(arguments: [32768, 32769])
  func `no distance is longer than deflate's longest`(distance: Int) {
    let shape = Self.noise(20, 1, seed: 7).dropFirst()
    let between = repeatElement([1, 2, 3] as [UInt8], count: 11_000).joined().prefix(distance - shape.count)
    var row = [0, 5, 6, 7] + shape + between + shape
    row += [UInt8](repeating: 9, count: (3 - (row.count - 1) % 3) % 3)
    let found = Self.tokens(of: row, stride: row.count)
    let distances = Set(found.compactMap { if case .match(_, let distance) = $0 { distance } else { nil } })
    #expect(distances == (distance == 32768 ? [3, 32768] : [3]))
    #expect(Self.bytes(found) == row)
  }

  @Test func `rows are matched with those before them, as far as the history goes`() {
    let (row, other) = (Self.noise(70, 1), Self.noise(70, 1, seed: 2))
    #expect(Self.tokens(of: row, stride: 211, behind: row) == [.match(length: 211, distance: 211)])
    let found = Self.tokens(of: other, stride: 211, behind: other + row)
    // But for the first pixel, of which there was nothing yet to find.
    #expect(found == other.prefix(4).map(Found.literal) + [.match(length: 207, distance: 422)])
    #expect(Self.bytes(found, after: other + row) == other)
    #expect(Self.tokens(of: other, stride: 211, behind: other + row, history: 211) == other.map(Found.literal))
  }

  @Test func `the tokens of any rows stand for their bytes`() {
    for seed in 0..<UInt64(120) {
      let picture = DrawnRows(seed: 500 + seed)
      let found = Self.tokens(of: picture.bytes, stride: picture.stride, channels: picture.channels)
      let isSame = Self.bytes(found) == picture.bytes
      #expect(isSame, "picture \(seed)")
    }
  }

  @Test func `matching stops where the tokens are full, and goes on`() {
    let rows = Self.noise(1000, 12)
    #expect(rows.count > 2 * Tokens.capacity)
    #expect(Self.bytes(Self.tokens(of: rows, stride: 3001)) == rows)
  }
}
