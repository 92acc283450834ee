import JSON

extension Rule {
  init(_ node: RuleNode) throws(RuleDocumentError) {
    let members = try node.members(["name", "match", "when", "then"])
    name = try members["name"]?.name()
    match = try members["match"].map { node throws(RuleDocumentError) in try RuleMatch(node) } ?? RuleMatch()
    when = try members["when"].map { node throws(RuleDocumentError) in try RuleSchedule(node) } ?? .always
    guard let then = members["then"] else { throw node.error("has no member \"then\", which says what to do") }
    self.then = try when.isSequence ? then.specs() : [FaultSpec(then)]
  }
}

extension RuleMatch {
  init(_ node: RuleNode) throws(RuleDocumentError) {
    let members = try node.members(["route", "model", "size", "key", "prompt"])
    route = try members["route"]?.pattern()
    model = try members["model"]?.pattern()
    size = try members["size"]?.pattern()
    key = try members["key"]?.pattern()
    prompt = try members["prompt"]?.string()
  }
}

extension RuleSchedule {
  init(_ node: RuleNode) throws(RuleDocumentError) {
    let members = try node.members(["every", "first", "probability", "seed", "sequence"])
    let seed = try members["seed"]?.integer(in: 0...(1 << 53))
    guard members.count == (seed == nil ? 1 : 2), seed == nil || members["probability"] != nil else {
      throw node.error("must have exactly one of every, first, probability (optionally with seed) or sequence")
    }
    if let every = members["every"] {
      self = .every(try every.integer(in: Self.counts))
    } else if let first = members["first"] {
      self = .first(try first.integer(in: Self.counts))
    } else if let probability = members["probability"] {
      self = .probability(try probability.number(in: 0...1), seed: seed)
    } else {
      self = .sequence(repeats: try members["sequence"]!.repeats())
    }
  }

  private static let counts: ClosedRange<UInt64> = 1...1_000_000_000

  fileprivate var isSequence: Bool { if case .sequence = self { true } else { false } }
}

extension FaultSpec {
  fileprivate init(_ node: RuleNode) throws(RuleDocumentError) {
    let members = try node.members(Self.names).sorted { $0.key < $1.key }
    do throws(FaultSpecError) {
      try self.init(members.map { (name: $0.key, text: $0.value.text(of: $0.key)) })
    } catch {
      let member = members.first { $0.key == error.name }?.value ?? node
      throw member.error("must be \(Self.kinds[error.name] ?? "a string"); allowed: \(error.allowed)")
    }
  }

  private static let kinds = [
    "bytes": "a string or a whole number", "image": "a whole number", "categories": "a list of strings",
  ]
}

extension RuleNode {
  /// The value of a property as directives write it; "", which no property allows, for a value of another type.
  fileprivate func text(of property: String) -> String {
    switch (property, value) {
    case ("bytes", .integer(let number)), ("image", .integer(let number)): String(number)
    case ("categories", .array(let elements)):
      elements.map { (try? RuleNode($0, path: path).string()) ?? "" }.joined(separator: ",")
    default: (try? string()) ?? ""
    }
  }

  /// The name is sent in a header, so few characters are allowed.
  fileprivate func name() throws(RuleDocumentError) -> String {
    let name = try string(atMost: 64)
    guard name.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else { throw error("must be printable ASCII") }
    return name
  }

  fileprivate func pattern() throws(RuleDocumentError) -> RuleMatch.Pattern { RuleMatch.Pattern(text: try string()) }

  fileprivate func repeats() throws(RuleDocumentError) -> Bool {
    let word = try string()
    guard let repeats = ["once": false, "repeat": true][word] else { throw error("must be \"once\" or \"repeat\"") }
    return repeats
  }

  fileprivate func specs() throws(RuleDocumentError) -> [FaultSpec] {
    let steps = try array(atMost: 1000)
    guard !steps.isEmpty else { throw error("must be a list of at least one behaviour, one for each step") }
    var specs: [FaultSpec] = []
    for (index, step) in steps.enumerated() { specs.append(try FaultSpec(RuleNode(step, path: "\(path)[\(index)]"))) }
    return specs
  }
}
