import Testing

@testable import Drawing

struct ChoicesTests {
  static let prompts = (0..<200).map { "prompt number \($0)" } + ["", " ", "é", String(repeating: "long ", count: 1000)]

  @Test(arguments: Style.allCases, [Quality.standard, .hd])
  func `ten images of a request have ten different colours`(style: Style, quality: Quality) {
    for prompt in Self.prompts {
      let colours = (0..<10).map { PictureRecipe(.mock(prompt, quality: quality, style: style, index: $0)).colour }
      #expect(Set(colours).count == 10, "\(prompt)")
      #expect(Set(colours) == Set(Palette.colours(of: style)))
    }
  }

  @Test func `images of a request repeat no colour and pattern pair before all pairs are used`() {
    struct Pair: Hashable {
      let colour: Colour
      let pattern: Pattern
    }
    for prompt in Self.prompts {
      let all = Palette.vivid.count * Pattern.allCases.count
      let choices = (0..<all).map { PictureRecipe(.mock(prompt, quality: .hd, index: $0)) }
      #expect(Set(choices.map { Pair(colour: $0.colour, pattern: $0.pattern) }).count == all, "\(prompt)")
    }
  }

  @Test func `a gradient always has two colours`() {
    for prompt in Self.prompts {
      for index in 0..<10 {
        let choices = PictureRecipe(.mock(prompt, quality: .hd, index: index))
        #expect(choices.colour != choices.secondColour)
      }
    }
  }

  @Test func `many prompts use every colour, pattern and direction`() {
    let choices = Self.prompts.map { PictureRecipe(.mock($0, quality: .hd)) }
    #expect(Set(choices.map(\.colour)).count == 10)
    #expect(Set(choices.map(\.secondColour)).count == 10)
    #expect(Set(choices.map(\.pattern)) == Set(Pattern.allCases))
    #expect(Set(choices.map(\.direction)) == Set(Gradient.Direction.allCases))
  }

  @Test(arguments: [
    PictureDescription.mock("another"), .mock(model: "dall-e-2"), .mock(size: "512x512"), .mock(quality: .hd), .mock(style: .natural),
    .mock(seed: 1), .mock(isTransparent: true),
  ])
  func `everything that was asked for counts`(changed: PictureDescription) {
    #expect(changed.requestSeed != PictureDescription.mock().requestSeed)
  }

  @Test func `the index does not count, so that images of a request share one order`() {
    #expect(PictureDescription.mock(index: 5).requestSeed == PictureDescription.mock().requestSeed)
  }

  @Test func `fields do not run into each other`() {
    #expect(PictureDescription.mock("ab", model: "c").requestSeed != PictureDescription.mock("a", model: "bc").requestSeed)
  }

  @Test(arguments: [-1, Int.min, Int.max])
  func `any index chooses something`(index: Int) {
    #expect(Palette.vivid.contains(PictureRecipe(.mock(index: index)).colour))
  }
}
