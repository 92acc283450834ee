import ImageCoding
import Testing

@Suite struct FilePaddingTests {
  private let png: [UInt8]
  private let jpeg: [UInt8]
  private let webp: [UInt8]
  private let gif: [UInt8]
  private let svg = Array("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\">\n<rect/>\n</svg>\n".utf8)

  init() throws {
    let rows = RowPictures.slope(64, 48)
    var encoder = PNGEncoder()
    png = try encoder.encode(rows.span, width: 64, height: 48, texts: [PNGText(keyword: "fakeai", text: "IEND")])
    jpeg = try JPEGEncoder.encode(rows.span, width: 64, height: 48, quality: 90, comment: "a lake")
    webp = try WebPEncoder.encode(rows.span, width: 64, height: 48, quality: 90, metadata: "<x/>")
    var animation = try GIFEncoder(width: 64, height: 48, frameDelay: 20, comment: "a lake")
    for _ in 0..<3 { try animation.add(rows.span) }
    gif = animation.finish()
  }

  /// Small paddings, and those around the limits of one segment, block or comment.
  static let paddings =
    Array(1...40) + (0...8).map { 254 + $0 } + (0...8).map { 510 + $0 } + (0...20).map { 65_530 + $0 }
    + (0...20).map { 131_068 + $0 } + [1_000_000, 1_000_001]

  @Test func `a padded PNG shows the same picture and has the exact size from 12 bytes on`() throws {
    let picture = try ImageDecoder.decode(png)
    for padding in Self.paddings {
      let padded = FilePadding.png(png, to: png.count + padding)
      #expect(padded.count == png.count + max(padding, 12))
      #expect(try ImageDecoder.decode(padded) == picture)
    }
  }

  @Test func `a padded JPEG shows the same picture and always has the exact size`() throws {
    let picture = try ImageDecoder.decode(jpeg)
    for padding in Self.paddings {
      let padded = FilePadding.jpeg(jpeg, to: jpeg.count + padding)
      #expect(padded.count == jpeg.count + padding)
      #expect(try ImageDecoder.decode(padded) == picture)
    }
  }

  @Test func `a padded WebP shows the same picture and has the exact size if that is even`() throws {
    let picture = try ImageDecoder.decode(webp)
    for padding in Self.paddings {
      let padded = FilePadding.webp(webp, to: webp.count + padding)
      #expect(padded.count == webp.count + max(padding + padding % 2, 8))
      #expect(padded[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) } == padded.count - 8)
      #expect(try ImageDecoder.decode(padded) == picture)
    }
  }

  @Test func `a padded GIF shows the same frames and has the exact size from 17 bytes on`() throws {
    let animation = try GIF(gif)
    for padding in Self.paddings.filter({ $0 < 140_000 }) {
      let padded = FilePadding.gif(gif, to: gif.count + padding)
      #expect(padded.count == gif.count + (padding <= 15 ? 15 : max(padding, 17)))
      let shown = try GIF(padded)
      #expect(shown.loops && shown.frames.map(\.pixels) == animation.frames.map(\.pixels))
      #expect(shown.frames.map(\.delay) == [20, 20, 20])
    }
  }

  @Test func `a padded SVG is the same without its comments and blanks, and always has the exact size`() {
    for padding in Self.paddings.filter({ $0 < 140_000 }) {
      let padded = FilePadding.svg(svg, to: svg.count + padding)
      #expect(padded.count == svg.count + padding)
      let text = String(decoding: padded, as: UTF8.self)
      let comments = text.matches(of: /<!--([^-]*)-->/).map(\.output.0.utf8.count)
      #expect(comments.allSatisfy { $0 <= 1 << 16 })
      let rest = text.replacing(/<!--[^-]*-->/, with: "")
      #expect(rest.replacing(#/ *</svg>/#, with: "</svg>") == String(decoding: svg, as: UTF8.self))
      #expect(rest.utf8.count < svg.count + 7)
    }
  }

  @Test func `a file that is large enough stays as it is`() {
    for count in [0, 1, jpeg.count - 1, jpeg.count] { #expect(FilePadding.jpeg(jpeg, to: count) == jpeg) }
    #expect(FilePadding.png(png, to: 5) == png && FilePadding.webp(webp, to: 5) == webp)
    #expect(FilePadding.gif(gif, to: 5) == gif && FilePadding.svg(svg, to: 5) == svg)
  }

  @Test func `padding is the same every time and has no repetitions to compress`() {
    let padded = FilePadding.png(png, to: 1 << 20)
    #expect(padded == FilePadding.png(png, to: 1 << 20))
    var counts = [Int](repeating: 0, count: 256)
    for byte in padded[(png.count + 100)..<(padded.count - 100)] { counts[Int(byte)] += 1 }
    #expect(counts.allSatisfy { (3700...4500).contains($0) })
    let words = (1000..<100_000).map { padded[$0 * 8..<$0 * 8 + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    #expect(Set(words).count == words.count)
  }

  @Test func `a padded JPEG or GIF that is cut short has no picture`() {
    let (jpeg, gif) = (FilePadding.jpeg(jpeg, to: 1 << 20), FilePadding.gif(gif, to: 1 << 20))
    #expect(throws: DecodingError.self) { try ImageDecoder.decode(Array(jpeg.prefix(jpeg.count / 20))) }
    #expect(throws: (any Error).self) { try GIF(Array(gif.prefix(gif.count / 20)) + [0x3b]) }
  }
}
