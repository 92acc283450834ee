import FoundationEssentials
import ImageCoding
import Testing

/// Reads a file of `Uploads`, which `Uploads/make.py` generates.
private func upload(_ name: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Uploads/\(name)")))
}

@Suite struct ImageDecoderTests {
  static let files: [(name: String, hasAlpha: Bool)] =
    [
      ("rgb.png", false), ("rgba.png", true), ("palette.png", false), ("palette-transparent.png", true), ("sixteen-bits.png", false),
      ("interlaced.png", true), ("rgb.jpg", false), ("progressive.jpg", false), ("cmyk.jpg", false), ("rgb.webp", false),
      ("arithmetic.jpg", false), ("four-to-one.jpg", false),
      ("rgba.webp", true),
    ] + ["jpg", "png", "webp"].flatMap { kind in (1...8).map { ("orientation-\($0).\(kind)", false) } }

  @Test(arguments: files)
  func `every kind of file comes out upright and in its colours`(name: String, hasAlpha: Bool) throws {
    let image = try ImageDecoder.decode(upload(name))
    #expect((image.width, image.height, image.hasAlpha) == (48, 36, hasAlpha))
    let corners: [(Int, Int, [Int])] = [(4, 4, [255, 0, 0]), (44, 4, [0, 255, 0]), (44, 32, [0, 0, 255]), (4, 32, [255, 255, 255])]
    for (x, y, colour) in corners {
      let offset = 4 * (48 * y + x)
      let found = image.pixels[offset..<offset + 4].map { Int($0) }
      #expect(zip(found, colour + [255]).allSatisfy { abs($0 - $1) < 24 }, "\(name) has \(found) at \(x), \(y)")
    }
    let centre = image.pixels[4 * (48 * 18 + 24) + 3]
    #expect(centre == (hasAlpha && name != "interlaced.png" ? 0 : 255))
  }

  // Limits for 48 times 36 pixels: a half, a third, a quarter, a fifth, an eighth and less of each side.
  @Test(arguments: files, [432, 192, 108, 63, 24, 5])
  func `a file that is reduced has its colours, and tells its size`(file: (name: String, hasAlpha: Bool), limit: Int) throws {
    let image = try ImageDecoder.decode(upload(file.name), toPixels: limit)
    #expect((limit / 4...limit).contains(image.width * image.height))
    #expect(image.originalSize == DecodedImage.Size(width: 48, height: 36))
    guard limit > 100 else { return }
    for (x, y, colour) in [(0, 0, [255, 0, 0]), (image.width - 1, 0, [0, 255, 0]), (image.width - 1, image.height - 1, [0, 0, 255])] {
      let offset = 4 * (image.width * y + x)
      let found = image.pixels[offset..<offset + 3].map { Int($0) }
      #expect(zip(found, colour).allSatisfy { abs($0 - $1) < 40 }, "\(file.name) has \(found) at \(x), \(y)")
    }
  }

  @Test(arguments: ["grey.png", "grey.jpg"])
  func `grey has three equal channels`(name: String) throws {
    let image = try ImageDecoder.decode(upload(name))
    #expect((0..<48 * 36).allSatisfy { Set(image.pixels[4 * $0..<4 * $0 + 3]).count == 1 && image.pixels[4 * $0 + 3] == 255 })
    #expect(image.pixels[4 * (48 * 32 + 4)] > 250)
  }

  @Test(arguments: files.map(\.name))
  func `a file cut short anywhere is broken, and nothing worse`(name: String) throws {
    let file = try upload(name)
    for length in 0..<file.count {
      #expect(throws: DecodingError.self, "\(name) cut to \(length) of \(file.count) bytes") {
        try ImageDecoder.decode(Array(file[..<length]))
      }
    }
  }

  @Test(arguments: files.map(\.name))
  func `a file with any byte changed is decoded or refused`(name: String) throws {
    var file = try upload(name)
    var refused = 0
    for index in file.indices {
      let byte = file[index]
      file[index] = ~byte
      do throws(DecodingError) { _ = try ImageDecoder.decode(file) } catch { refused += 1 }
      file[index] = byte
    }
    #expect(refused > 0)
  }

  @Test func `a file of another format is refused as such`() throws {
    let files: [([UInt8], String?)] = [
      (Array("RIFF....WAVEfmt ".utf8), nil), ([0x89, 0x50, 0x4e, 0x47], nil), (Array("hello".utf8), nil), ([], "an empty file"),
      (Array("GIF89a".utf8), "a GIF file"), (Array("<svg/>".utf8), "an SVG file"), (Array("\0\0\0\u{18}ftypheic".utf8), "a HEIC file"),
      (Array("\0\0\0\u{18}ftypavif".utf8), "an AVIF file"), (Array("\0\0\0\u{18}ftypqt  ".utf8), "a video or ISO media file"),
      ([0x49, 0x49, 0x2a, 0x00], "a TIFF file"), ([0xff, 0x0a], "a JPEG XL file"), (Array("BM".utf8), "a BMP file"),
      (Array("iVBORw0KGgo=".utf8), "the base64 of a PNG file"),
    ]
    for (file, name) in files { #expect(throws: DecodingError.otherFormat(name)) { try ImageDecoder.decode(file) } }
    let error = #expect(throws: DecodingError.self) { try ImageDecoder.decode([0xff, 0xd8, 0xff]) }
    #expect(error?.isBroken(.jpeg) == true)
  }

  @Test func `pictures that are too large are refused before they are decoded`() throws {
    #expect(throws: DecodingError.tooLarge(width: 1_000_000, height: 1_000_000)) { try ImageDecoder.decode(upload("bomb.png")) }
    var jpeg = try upload("rgb.jpg")
    let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xff, 0xc0]) })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xea, 0x60, 0xea, 0x60])
    #expect(throws: DecodingError.tooLarge(width: 60000, height: 60000)) { try ImageDecoder.decode(jpeg) }
    // A lossless WebP's sides are 14 bits each behind its signature, less one.
    var webp = try upload("rgba.webp")
    let signature = try #require(webp.indices.first { webp[$0...].starts(with: Array("VP8L".utf8)) }) + 8
    webp.replaceSubrange(signature + 1..<signature + 5, with: [0xff, 0xff, 0xff, 0x1f])
    #expect(throws: DecodingError.tooLarge(width: 16384, height: 16384)) { try ImageDecoder.decode(webp) }
  }

  @Test func `compressed text is skipped, however long it would be`() throws {
    #expect(try ImageDecoder.decode(upload("text-bomb.png")).width == 8)
  }

  @Test func `an animation is refused`() throws {
    #expect(throws: DecodingError.animated(.webp)) { try ImageDecoder.decode(upload("animated.webp")) }
  }

  @Test func `a JPEG of thousands of scans is refused`() throws {
    let file = try upload("progressive.jpg")
    let scan = try #require(file.indices.last { file[$0...].starts(with: [0xff, 0xda]) })
    let end = file.count - 2
    let many = file[..<end] + (0..<5000).flatMap { _ in file[scan..<end] } + file[end...]
    let reason = "it has 5010 scans, and at most 50 are accepted"
    #expect(throws: DecodingError.broken(.jpeg, reason: reason)) { try ImageDecoder.decode(Array(many)) }
  }
}
