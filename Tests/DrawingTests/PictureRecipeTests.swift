import Testing

@testable import Drawing

struct PictureRecipeTests {
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
      let all = Palette.vivid.count * PictureRecipe.patterns.count
      let recipes = (0..<all).map { PictureRecipe(.mock(prompt, quality: .hd, index: $0)) }
      #expect(Set(recipes.map { Pair(colour: $0.colour, pattern: $0.pattern) }).count == all, "\(prompt)")
    }
  }

  @Test func `a pattern added at the end of the enumeration changed nearly every hd image`() {
    let first: [Pattern] = [
      .grid, .circles, .triangles, .lines, .dots, .waves, .hexagons, .stripes, .checkerboard, .rings, .cubes, .diamonds, .chevrons, .bricks,
      .plaid, .weave, .crosses, .squares, .contours,
    ]
    // A test cannot add a case, so an existing pattern stands for the added one. Recipes must not depend on it.
    let added = Pattern.allCases + [.grid]
    let descriptions = Self.prompts.flatMap { prompt in [0, 7, 30].map { PictureDescription.mock(prompt, quality: .hd, index: $0) } }
    #expect(descriptions.allSatisfy { PictureRecipe($0) == PictureRecipe($0, from: first) })
    #expect(descriptions.count { PictureRecipe($0) != PictureRecipe($0, from: added) } > descriptions.count * 9 / 10)
  }

  @Test(arguments: Pattern.allCases)
  func `a pattern that is named changes nothing else`(pattern: Pattern) {
    for prompt in Self.prompts.prefix(20) {
      let (usual, named) = (PictureRecipe(.mock(prompt, quality: .hd)), PictureRecipe(.mock(prompt, quality: .hd, pattern: pattern)))
      #expect(named.pattern == pattern)
      #expect((named.colour, named.secondColour) == (usual.colour, usual.secondColour) && named.direction == usual.direction)
    }
    let (usual, named) = (Placeholder.mock(.mock()), Placeholder.mock(.mock(pattern: pattern)))
    #expect(usual.pattern == nil && named.pattern == pattern && named.background == usual.background)
  }

  @Test func `recipes are those of the first edition`() {
    let recipes = (0..<4).map { PictureRecipe(.mock(quality: .hd, index: $0)) }
    #expect(recipes.map(\.pattern) == [.squares, .contours, .lines, .hexagons])
    #expect(recipes.map(\.direction) == [.diagonal, .rising, .steep, .radial])
    #expect(recipes.map(\.colour.hexadecimal) == ["#00c7be", "#30b0c7", "#af52de", "#34c759"])
    #expect(recipes.map(\.secondColour.hexadecimal) == ["#ffcc00", "#34c759", "#32ade6", "#ffcc00"])
  }

  @Test(arguments: Style.allCases)
  func `the second colour is near the first one in hue, and not the same to the eye`(style: Style) {
    for prompt in Self.prompts {
      let recipe = PictureRecipe(.mock(prompt, quality: .hd, style: style))
      let (first, second) = (OKLCH(recipe.colour), OKLCH(recipe.secondColour))
      #expect(abs(first.turn(to: second)) < 1.8 && first.distance(to: second) >= 0.08, "\(prompt)")
    }
  }

  @Test func `transparent pictures have only patterns of separate figures`() {
    let patterns = Self.prompts.map { PictureRecipe(.mock($0, quality: .hd, isTransparent: true)).pattern }
    #expect(Set(patterns) == Set(PictureRecipe.figurePatterns))
  }

  @Test func `a gradient always has two colours`() {
    for prompt in Self.prompts {
      for index in 0..<10 {
        let recipe = PictureRecipe(.mock(prompt, quality: .hd, index: index))
        #expect(recipe.colour != recipe.secondColour)
      }
    }
  }

  @Test func `many prompts use every colour, pattern and direction`() {
    let recipes = Self.prompts.map { PictureRecipe(.mock($0, quality: .hd)) }
    #expect(Set(recipes.map(\.colour)).count == 10)
    #expect(Set(recipes.map(\.secondColour)).count == 10)
    #expect(Set(recipes.map(\.pattern)) == Set(PictureRecipe.patterns))
    #expect(Set(recipes.map(\.direction)) == Set(PictureRecipe.directions))
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
