import JSON
import Spelling

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

  var isSequence: Bool { if case .sequence = self { true } else { false } }
}

extension FaultSpec {
  fileprivate init(_ node: RuleNode) throws(RuleDocumentError) {
    var named = try node.members(Self.names)
    // The name of a file may contain any characters, so it is not written as directives write it.
    let picture = try named.removeValue(forKey: "picture").map { node throws(RuleDocumentError) in try PictureChoice(node) }
    let members = named.sorted { $0.key < $1.key }
    var properties: [(name: String, text: String)] = []
    for (name, value) in members { properties.append((name, try value.text(of: name))) }
    do throws(FaultSpecError) {
      try self.init(properties)
    } catch {
      let member = members.first { $0.key == error.name }?.value ?? node
      throw member.error("is \(error.value.debugDescription)\(error.suggestion); allowed: \(error.allowed)")
    }
    self.picture = picture
  }
}

extension RuleNode {
  /// The value of a property as directives write it.
  fileprivate func text(of property: String) throws(RuleDocumentError) -> String {
    switch (property, value) {
    case ("bytes", .integer(let number)), ("image", .integer(let number)), ("calls", .integer(let number)): return String(number)
    case ("bytes", .string), ("categories", .string): return try string()
    case ("bytes", _): throw error("must be a string or a whole number, not \(value.kind)")
    case ("image", _), ("calls", _): throw error("must be a whole number, not \(value.kind)")
    case ("categories", .array(let elements)):
      var categories: [String] = []
      for (index, element) in elements.enumerated() { categories.append(try RuleNode(element, path: "\(path)[\(index)]").string()) }
      return categories.joined(separator: ",")
    case ("categories", _): throw error("must be a list of strings, not \(value.kind)")
    case (_, .string): return try string()
    default: throw error("must be a string, not \(value.kind)")
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
    guard let repeats = ["once": false, "repeat": true][word] else {
      throw error("is \(word.debugDescription)\(["once", "repeat"].suggestion(for: word)); allowed: once, repeat")
    }
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
