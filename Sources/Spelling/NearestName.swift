// For error messages: the name that the writer of an unknown one most likely meant.

extension Sequence<String> {
  /// The most similar of these names; the first of equally similar ones.
  ///
  /// A name is similar if about a third of its characters or fewer are wrong, or if one name contains the other: "ratelimit" and
  /// "rate_limit_exceeded" both mean "rate_limit". Case does not count.
  ///
  /// - Returns: nil if no name is similar enough to be worth mentioning, or if the word is much longer than names are.
  package func nearest(to word: String) -> String? {
    guard word.utf8.count <= longestWord else { return nil }
    let word = word.lowercased()
    let similar = compactMap { name -> (name: String, distance: Int)? in
      let lowercased = name.lowercased()
      let distance = word.editDistance(to: lowercased)
      let isSimilar = distance <= Swift.max(word.count, lowercased.count) / 3 || word.isPart(of: lowercased) || lowercased.isPart(of: word)
      return isSimilar ? (name, distance) : nil
    }
    return similar.min { $0.distance < $1.distance }?.name
  }

  /// ` (did you mean rate_limit?)`, to follow an unknown name in a message; empty if no name is similar.
  package func suggestion(for word: String) -> String { nearest(to: word).map { " (did you mean \($0)?)" } ?? "" }
}

extension String {
  /// The number of characters to insert, delete, replace or swap with their neighbour to turn one string into the other (optimal string
  /// alignment). Takes time and memory in proportion to the product of the lengths.
  package func editDistance(to other: String) -> Int {
    let (source, target) = (Array(self), Array(other))
    var (before, last) = ([Int](), Array(0...target.count))
    for (line, character) in source.enumerated() {
      var row = [line + 1]
      for column in target.indices {
        var distance = Swift.min(last[column] + (character == target[column] ? 0 : 1), last[column + 1] + 1, row[column] + 1)
        if line > 0, column > 0, character == target[column - 1], source[line - 1] == target[column] {
          distance = Swift.min(distance, before[column - 1] + 1)
        }
        row.append(distance)
      }
      (before, last) = (last, row)
    }
    return last[target.count]
  }

  /// Whether another name contains this one, unless it is so short that this says nothing.
  fileprivate func isPart(of other: String) -> Bool { count >= 4 && other.contains(self) }
}

/// Longer than any name, in bytes. A word that a client sends can be as long as a request, and comparing takes time for each character.
private let longestWord = 64
