import Spelling

/// A variable that looks like a setting but is not: most often a typing error that would be hard to find.
struct UnknownVariable: Equatable, CustomStringConvertible {
  let name: String

  var description: String {
    // Without the prefix, which would make every name similar.
    let names = Settings.table.map { String($0.variable.dropFirst(Setting.prefix.count)) }
    let nearest = names.nearest(to: String(name.dropFirst(Setting.prefix.count)))
    let advice = nearest.map { "did you mean \(Setting.prefix)\($0)?" } ?? "see fakeai-images serve --help for the names of all settings"
    return "\(name) is not a setting and is ignored; \(advice)"
  }

  /// All such variables, sorted by name.
  static func all(in environment: [String: String]) -> [UnknownVariable] {
    let known = Set(Settings.table.map(\.variable)).union([WorkerNumber.variable, Supervisor.reasonVariable])
    return ServiceLink.removed(from: environment).keys.filter { $0.hasPrefix(Setting.prefix) && !known.contains($0) }.sorted().map(
      UnknownVariable.init)
  }
}

/// The number of a worker in its pool. The process that starts a worker sets it; it is not a setting for users.
enum WorkerNumber {
  static let variable = "FAKEAI_WORKER_NUMBER"
}
