import Testing

@testable import Drawing

@Suite(.enabled(if: Font.find() != nil, "the recorded pictures are set in a font"))
struct GoldenTests {
  @Test(arguments: [
    ("standard", PictureDescription.mock()), ("standard-natural", .mock(style: .natural)),
    ("hd", .mock("A city of glass at night, rain on every window", quality: .hd)),
    ("transparent", .mock("A fox", quality: .hd, isTransparent: true)),
  ])
  func `pictures look as they did`(name: String, description: PictureDescription) throws {
    try expectGolden(name, .mock(description), with: TextRenderer(font: Font.find()))
  }

  /// The patterns that pictures have only by name, on a plain background.
  @Test(arguments: Pattern.allCases.filter { !PictureRecipe.patterns.contains($0) }.enumerated().map { ($0, $1) })
  func `a pattern looks as it did`(number: Int, pattern: Pattern) throws {
    let description = PictureDescription.mock("", model: "", index: number, pattern: pattern)
    try expectGolden("pattern-\(pattern.rawValue)", .mock(description), with: TextRenderer(font: Font.find()))
  }

  @Test func `a golden picture tells one letter from another, and a shade from none`() throws {
    let textRenderer = TextRenderer(font: Font.find())
    func pixels(_ prompt: String, red: UInt8) throws -> PNGPixels {
      try #require(PNGPixels(Placeholder.mock(.mock(prompt), on: Colour(red: red, green: 120, blue: 90)).file(with: textRenderer)))
    }
    let lake = try pixels("A lake", red: 30)
    #expect(try lake.isLike(pixels("A lake", red: 31)))
    #expect(try !lake.isLike(pixels("A lakc", red: 30)))
    #expect(try !lake.isLike(pixels("A lake", red: 60)))
  }
}
