import JSON

extension SchemaWalk {
  // MARK: - Strings

  func string(_ conjunction: Conjunction, _ variant: Int) throws(SchemaProblem) -> JSONValue {
    let place = conjunction.place
    let (least, most) = (try conjunction.least("minLength"), try conjunction.most("maxLength") ?? .max)
    guard least <= most else { throw place.problem("'minLength' is above 'maxLength'") }
    try write(least, at: place)
    let sample: String
    if let format = conjunction.values("format").lazy.compactMap(\.text).compactMap({ SchemaFormat(rawValue: $0) }).first {
      sample = format.example(variant)
      guard (least...most).contains(sample.unicodeScalars.count) else { throw place.problem("no text of that format has that length") }
    } else {
      sample = Self.text(text, from: least, to: most, variant)
    }
    try write(sample.utf8.count, at: place)
    return .string(JSONString(sample))
  }

  /// A text of a length in Unicode scalars: cut, or filled with dots.
  private static func text(_ text: String, from least: Int, to most: Int, _ variant: Int) -> String {
    let end = variant == 0 ? "" : " \(variant + 1)"
    var scalars = String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, most - end.unicodeScalars.count)))
    scalars.append(contentsOf: end.unicodeScalars.suffix(most))
    if scalars.count < least { scalars.append(contentsOf: String(repeating: ".", count: least - scalars.count).unicodeScalars) }
    return String(scalars)
  }

  // MARK: - Numbers

  /// The number closest to 0.
  func number(_ conjunction: Conjunction, isWhole: Bool, _ variant: Int) throws(SchemaProblem) -> JSONValue {
    let place = conjunction.place
    let bounds = try NumberBounds(conjunction)
    let steps = try conjunction.numbers("multipleOf") + (isWhole ? [1] : [])
    guard steps.allSatisfy({ $0 > 0 }) else { throw place.problem("'multipleOf' is not above 0") }
    let value = steps.max().map { bounds.multiple(of: $0, variant) } ?? bounds.nearest(variant)
    guard bounds.contains(value), value.isFinite else { throw place.problem("no number is between the bounds") }
    return JSONValue(number: value)
  }
}

/// What a number must lie between.
struct NumberBounds {
  private var lower = -Double.infinity
  private var upper = Double.infinity
  private var (isLowerExcluded, isUpperExcluded) = (false, false)

  init(_ conjunction: Conjunction) throws(SchemaProblem) {
    for number in try conjunction.numbers("minimum") where number > lower { lower = number }
    for number in try conjunction.numbers("exclusiveMinimum") where number >= lower { (lower, isLowerExcluded) = (number, true) }
    for number in try conjunction.numbers("maximum") where number < upper { upper = number }
    for number in try conjunction.numbers("exclusiveMaximum") where number <= upper { (upper, isUpperExcluded) = (number, true) }
  }

  func contains(_ number: Double) -> Bool {
    (isLowerExcluded ? number > lower : number >= lower) && (isUpperExcluded ? number < upper : number <= upper)
  }

  /// The multiple of a step that is closest to 0, or the one after so many others.
  func multiple(of step: Double, _ variant: Int) -> Double {
    var count = lower > 0 ? (lower / step).rounded(.up) : upper < 0 ? (upper / step).rounded(.down) : 0
    if !contains(count * step) { count += upper <= 0 ? -1 : 1 }
    let further = Double(variant)
    return (contains((count + further) * step) ? count + further : count - further) * step
  }

  /// The number that is closest to 0; between two bounds that are excluded, the one in the middle.
  func nearest(_ variant: Int) -> Double {
    let further = Double(variant)
    let bounds = upper < 0 ? [upper - further, lower + further] : [lower + further, upper - further]
    let candidates = [further] + bounds + [(lower + upper) / 2, lower + 1 + further, upper - 1 - further]
    return candidates.first { $0.isFinite && contains($0) } ?? .nan
  }
}
