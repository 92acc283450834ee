import Hashing

/// What a description leaves to chance, decided: the same description always decides alike.
///
/// The colours, patterns and directions are shuffled once a request, and image `i` takes the `i`-th of each. So the images of one
/// request never repeat a first colour before the eleventh, nor a pair of first colour and pattern before all pairs are used: each
/// further round through the colours is one pattern ahead. (That holds for any number of patterns but a multiple of eleven.)
struct PictureRecipe: Sendable {
  let colour: Colour
  let secondColour: Colour
  let direction: Gradient.Direction
  let pattern: Pattern

  init(_ description: PictureDescription) {
    var generator = SplitMix64(seed: description.requestSeed)
    let colours = generator.shuffled(Palette.colours(of: description.style))
    let patterns = generator.shuffled(Pattern.allCases)
    let directions = generator.shuffled(Gradient.Direction.allCases)
    let distance = 1 + generator.next(below: colours.count - 1)

    let index = Int(UInt(bitPattern: description.index) % 1_000_000)
    let round = index / colours.count
    colour = colours[index % colours.count]
    secondColour = colours[(index + distance) % colours.count]
    pattern = patterns[(index + round) % patterns.count]
    direction = directions[index % directions.count]
  }
}
