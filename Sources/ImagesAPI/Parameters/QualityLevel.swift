import Drawing

/// One of the words that models have had for quality.
struct QualityLevel: Sendable, Equatable {
  var name: String
  /// What is drawn for it.
  var drawn: Quality
  /// What a GPT image model calls it in its answer, which never says `auto`.
  var answered: String

  /// Every model's words, in the order in which they are named.
  static let all = [
    QualityLevel(name: "standard", drawn: .standard, answered: "medium"),
    QualityLevel(name: "hd", drawn: .hd, answered: "high"),
    QualityLevel(name: "low", drawn: .standard, answered: "low"),
    QualityLevel(name: "medium", drawn: .standard, answered: "medium"),
    QualityLevel(name: "high", drawn: .hd, answered: "high"),
    QualityLevel(name: "auto", drawn: .standard, answered: "medium"),
    QualityLevel(name: "xhigh", drawn: .hd, answered: "xhigh"),
    QualityLevel(name: "max", drawn: .hd, answered: "max"),
  ]

  static let auto = named("auto")!

  static func named(_ name: String) -> QualityLevel? { all.first { $0.name == name } }
}
