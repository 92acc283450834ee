import Testing

@testable import Drawing

@Suite struct UploadTests {
  @Test(arguments: [(1, 1), (7, 3), (64, 64), (300, 200), (5, 400)])
  func `one colour is that colour at any size`(width: Int, height: Int) {
    let upload = Upload(width: width, height: height, pixels: (0..<width * height).flatMap { _ in [200, 100, 50, 255] as [UInt8] })
    for (newWidth, newHeight) in [(1, 1), (10, 10), (333, 50)] {
      var rows = ScaledRows(upload, width: newWidth, height: newHeight)
      for y in 0..<newHeight {
        let row = rows.row(y)
        for x in 0..<newWidth { #expect(abs(row[x].x - 200 / 255) < 0.002 && abs(row[x].w - 1) < 0.002) }
      }
    }
  }

  /// The smallest size is the API's.
  @Test(arguments: 1...16, ["1024x1024", "1536x1024", "256x768", "64x64"])
  func `uploads stand beside each other, whole and in their proportions`(count: Int, size: String) throws {
    let size = try #require(PictureSize(size))
    let (layout, area) = Layout.besideUploads(size, hasPrompt: true)
    let proportions = (0..<count).map { [1.5, 0.75, 1, 2.6, 0.4][$0 % 5] as Float }
    let places = Mosaic(proportions, in: area, gap: EditedPicture.gap(in: layout)).places
    #expect(places.count == count)
    for (index, (place, proportion)) in zip(places, proportions).enumerated() {
      #expect(place.intersection(area) == place)
      #expect(place.width > 0 && place.height > 0)
      #expect(!places[..<index].contains { $0.overlaps(place) })
      if size.width > 1000 { #expect(abs(Float(place.width) / Float(place.height) / proportion - 1) < 0.1) }
    }
    // Rows are equally wide, so the mosaic has straight edges.
    guard size.width > 1000 else { return }
    let rows = Dictionary(grouping: places, by: \.rows.lowerBound).values
    #expect(Set(rows.map { $0.map(\.columns.lowerBound).min() }).count == 1)
    let ends = rows.compactMap { $0.map(\.columns.upperBound).max() }
    #expect((ends.max() ?? 0) - (ends.min() ?? 0) <= 2)
  }

  @Test(arguments: [1, 2, 4, 5, 16], ["1024x1024", "1536x1024", "1024x1536", "2000x300"])
  func `the prompt of an edit covers none of the uploads`(count: Int, size: String) throws {
    let size = try #require(PictureSize(size))
    let (layout, area) = Layout.besideUploads(size, hasPrompt: true)
    let prompt = String(repeating: "Put all of these on one postcard ", count: 8)
    let text = try #require(PlacedText(prompt: prompt, in: layout, with: TextRenderer(font: Font.find())))
    let places = Mosaic(Array(repeating: 1.4, count: count), in: area, gap: 8).places
    #expect(!places.contains { $0.overlaps(text.blocks[0].place.ink) || $0.overlaps(layout.watermark) })
    let covered = places.reduce(0) { $0 + $1.width * $1.height }
    #expect(8 * covered > size.width * size.height, "the uploads are large enough to be seen")
  }

  @Test func `an upload is seen as it is, on a dark backdrop of itself`() {
    let (kept, edited) = Self.edit(mask: nil)
    #expect(kept == edited && kept == Self.whiteColour)
  }

  @Test func `a mask keeps the covered part, and the placeholder shows through the rest`() {
    // Opaque on the left, transparent on the right.
    let mask = Upload(width: 2, height: 1, pixels: [0, 0, 0, 255, 0, 0, 0, 0])
    let (kept, edited) = Self.edit(mask: mask)
    #expect(kept == Self.whiteColour && edited != kept)
    #expect(OKLCH(edited).chroma > 0.01)
  }

  /// Bars of one colour used to lie beside an upload of other proportions.
  @Test func `the backdrop has the upload's colours where it has them, and is smooth`() throws {
    // Red above blue.
    let upload = Upload(width: 1, height: 2, pixels: [255, 0, 0, 255, 0, 0, 255, 255])
    var canvas = Canvas(size: try #require(PictureSize("300x200")))
    Backdrop(of: upload, on: canvas.size).draw(on: &canvas)
    let pixels = Pixels(canvas)
    #expect(pixels[150, 5].red > 60 && pixels[150, 5].blue < 40 && pixels[150, 195].blue > 60 && pixels[150, 195].red < 40)
    for y in 1..<200 { #expect(pixels[7, y].distance(to: pixels[7, y - 1]) <= 8) }
  }

  @Test(arguments: [(1, 1), (1, 16384), (16384, 1), (3, 2), (640, 480)])
  func `any upload has a backdrop on any picture, dark enough for light text`(width: Int, height: Int) throws {
    let upload = Upload(width: width, height: height, pixels: [UInt8](repeating: 255, count: 4 * width * height))
    for size in ["1x1", "7x300", "300x7", "256x256"] {
      var canvas = Canvas(size: try #require(PictureSize(size)))
      Backdrop(of: upload, on: canvas.size).draw(on: &canvas)
      #expect(Ink.light.worstContrast(on: Pixels(canvas).colours) >= 4.5)
    }
  }

  @Test func `variations differ from each other and from the upload, and keep light and dark apart`() {
    let upload = Upload(width: 2, height: 1, pixels: [10, 10, 10, 255, 250, 250, 250, 255])
    let pictures = (0..<4).map { index in
      var canvas = Canvas(size: PictureSize("256x256")!)
      VariedPicture(Placeholder.mock(.mock("", index: index)), of: upload).draw(on: &canvas, with: TextRenderer(font: nil))
      return Pixels(canvas)
    }
    for (index, picture) in pictures.enumerated() {
      #expect(!pictures[..<index].contains(picture))
      let (dark, light) = (picture[20, 128], picture[236, 128])
      #expect(dark.luminance + 0.05 < light.luminance)
      #expect(Set([dark.red, dark.green, dark.blue]).count > 1)
    }
  }

  @Test func `partial images of an edit or a variation showed all of it`() {
    var placeholder = Placeholder.mock(.mock(quality: .hd))
    let upload = Upload(width: 2, height: 2, pixels: (0..<16).map { UInt8($0 * 16) | 0x0f })
    for squares in [1, 4, 16] {
      var description = placeholder.description
      description.stage = .coarse(squares: squares)
      placeholder = Placeholder.mock(description)
      var canvas = Canvas(size: PictureSize("256x256")!)
      VariedPicture(placeholder, of: upload).draw(on: &canvas, with: TextRenderer(font: nil))
      #expect(Pixels(canvas).isMade(ofSquares: 256 / squares), "\(squares) squares of a variation")
      EditedPicture(placeholder, uploads: [upload]).draw(on: &canvas, with: TextRenderer(font: nil))
      #expect(Pixels(canvas).isMade(ofSquares: 256 / squares), "\(squares) squares of an edit")
    }
  }

  @Test func `an edit writes its prompt on top`() {
    func picture(_ prompt: String) -> Pixels {
      var canvas = Canvas(size: PictureSize("256x256")!)
      EditedPicture(Placeholder.mock(.mock(prompt)), uploads: [Self.white]).draw(on: &canvas, with: TextRenderer(font: nil))
      return Pixels(canvas)
    }
    #expect(!picture("A hat").differences(from: picture("A cat")).isEmpty)
  }

  private static let white = Upload(width: 1, height: 1, pixels: [255, 255, 255, 255])
  private static let whiteColour = Colour(red: 255, green: 255, blue: 255)

  /// Edits a white upload.
  /// - Returns: a colour in its left half and one in its right half.
  private static func edit(mask: Upload?) -> (kept: Colour, edited: Colour) {
    var canvas = Canvas(size: PictureSize("256x256")!)
    EditedPicture(Placeholder.mock(.mock("")), uploads: [white], mask: mask).draw(on: &canvas, with: TextRenderer(font: nil))
    let pixels = Pixels(canvas)
    return (pixels[60, 60], pixels[196, 60])
  }
}

extension Pixels {
  /// Whether each square with sides of so many pixels has one colour.
  fileprivate func isMade(ofSquares side: Int) -> Bool {
    (0..<size.height).allSatisfy { y in
      (0..<size.width).allSatisfy { x in self[x, y] == self[x / side * side, y / side * side] }
    }
  }
}
