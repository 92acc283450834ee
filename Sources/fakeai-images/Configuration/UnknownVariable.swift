/// A variable that looks like a setting but is not: most often a typing error that would be hard to find.
struct UnknownVariable: Equatable, CustomStringConvertible {
  let name: String
  /// The setting with the most similar name.
  let nearest: String

  var description: String { "\(name) is not a setting and is ignored; the nearest name is \(nearest)" }

  /// All such variables, sorted by name.
  static func all(in environment: [String: String]) -> [UnknownVariable] {
    let known = Set(Settings.table.map(\.variable)).union([WorkerNumber.variable])
    return ServiceLink.removed(from: environment).keys.filter { $0.hasPrefix(Setting.prefix) && !known.contains($0) }.sorted().map(
      UnknownVariable.init)
  }

  init(name: String) {
    self.name = name
    nearest = Settings.table.map(\.variable).min { name.editDistance(to: $0) < name.editDistance(to: $1) } ?? ""
  }
}

extension String {
  /// The number of characters to insert, delete or replace to turn one string into the other (Levenshtein distance).
  func editDistance(to other: String) -> Int {
    let target = Array(other)
    var row = Array(0...target.count)
    for (line, character) in self.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for column in target.indices {
        let replaced = diagonal + (character == target[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = Swift.min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[target.count]
  }
}

/// The number of a worker in its pool. The process that starts a worker sets it; it is not a setting for users.
enum WorkerNumber {
  static let variable = "FAKEAI_WORKER_NUMBER"
}
