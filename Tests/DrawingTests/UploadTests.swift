import Testing

@testable import Drawing

@Suite struct UploadTests {
  @Test(arguments: [(1, 1), (7, 3), (64, 64), (300, 200), (5, 400)])
  func `one colour is that colour at any size`(width: Int, height: Int) {
    let upload = Upload(width: width, height: height, pixels: (0..<width * height).flatMap { _ in [200, 100, 50, 255] as [UInt8] })
    for (newWidth, newHeight) in [(1, 1), (10, 10), (333, 50)] {
      var rows = ScaledRows(upload, width: newWidth, height: newHeight)
      for y in 0..<newHeight {
        for pixel in rows.row(y) { #expect(abs(pixel.x - 200 / 255) < 0.002 && abs(pixel.w - 1) < 0.002) }
      }
    }
  }

  @Test(arguments: [(1, 1), (1, 9), (2, 7), (9, 1), (16, 16), (100, 33), (33, 100), (16384, 256), (3, 3840)])
  func `shares are of pixels that are there and make a whole`(old: Int, new: Int) {
    let parts = Resampling(from: old, to: new).parts
    #expect(parts.count == new)
    for part in parts {
      #expect(part.sources.lowerBound >= 0 && part.sources.upperBound <= old && part.sources.count == part.weights.count)
      #expect(abs(part.weights.reduce(0, +) - 1) < 0.001 && part.weights.allSatisfy { $0 >= 0 })
    }
    if old >= new { #expect(parts[0].sources.lowerBound == 0 && parts[new - 1].sources.upperBound == old) }
  }

  @Test(arguments: 1...16, ["1024x1024", "1536x1024", "256x768", "16x48"])
  func `uploads stand beside each other, whole and in their proportions`(count: Int, size: String) throws {
    let size = try #require(PictureSize(size))
    let grid = UploadGrid(count: count, on: size)
    let boxes = (0..<count).map { grid.place($0, width: 300, height: 200) }
    for (index, box) in boxes.enumerated() {
      #expect(box.columns.lowerBound >= 0 && box.columns.upperBound <= size.width && box.width > 0)
      #expect(box.rows.lowerBound >= 0 && box.rows.upperBound <= size.height && box.height > 0)
      if size.width > 100 { #expect(abs(Float(box.width) / Float(box.height) - 1.5) < 0.1) }
      #expect(!boxes[..<index].contains { $0.overlaps(box) })
    }
  }

  @Test func `without a mask all of an upload is seen through`() {
    let (kept, edited) = Self.edit(mask: nil)
    #expect(kept == edited)
    #expect(kept != Colour(red: 255, green: 255, blue: 255))
    #expect(Int(kept.red) + Int(kept.green) + Int(kept.blue) > 300)
  }

  @Test func `a mask keeps the covered part, and the rest is edited`() {
    // Opaque on the left, transparent on the right.
    let mask = Upload(width: 2, height: 1, pixels: [0, 0, 0, 255, 0, 0, 0, 0])
    let (kept, edited) = Self.edit(mask: mask)
    #expect(kept == Colour(red: 255, green: 255, blue: 255))
    #expect(edited != kept)
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
      let (dark, light) = (picture[10, 128], picture[245, 128])
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

  /// Edits a white upload.
  /// - Returns: a colour on the left and one on the right.
  private static func edit(mask: Upload?) -> (kept: Colour, edited: Colour) {
    var canvas = Canvas(size: PictureSize("256x256")!)
    EditedPicture(Placeholder.mock(.mock("")), uploads: [white], mask: mask).draw(on: &canvas, with: TextRenderer(font: nil))
    let pixels = Pixels(canvas)
    return (pixels[10, 60], pixels[245, 60])
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
