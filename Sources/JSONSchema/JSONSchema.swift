package import JSON

/// A JSON Schema (draft 2020-12), of which the keywords count that clients use for structured outputs.
package struct JSONSchema: Sendable {
  private let root: JSONValue

  package init(_ root: JSONValue) { self.root = root }

  /// A value that fits the schema. It is the same for the same schema and text.
  ///
  /// - Parameter text: what strings say, as far as their lengths and formats let them.
  /// - Throws: the reason why there is no such value, or why it was not found.
  package func sample(saying text: String) throws(SchemaProblem) -> JSONValue {
    let walk = SchemaWalk(root, saying: text)
    let value = try walk.sample([root], at: SchemaPlace())
    guard try walk.fits(value, root, at: SchemaPlace()) else { throw SchemaPlace().problem("no value was found that fits") }
    return value
  }

  /// Whether a value fits the schema.
  package func fits(_ value: JSONValue) throws(SchemaProblem) -> Bool {
    try SchemaWalk(root, saying: "").fits(value, root, at: SchemaPlace())
  }
}

/// Why nothing could be made from a schema.
package struct SchemaProblem: Error, Equatable, CustomStringConvertible {
  /// A path of keywords and names from the root of the schema: `properties.color.enum`; "" for the root.
  package let place: String
  /// A clause without a full stop.
  package let reason: String

  package var description: String { place.isEmpty ? reason : "at \(place), \(reason)" }
}

/// A place in a schema.
struct SchemaPlace {
  private var path: [String] = []
  /// The references that are being followed here.
  private(set) var references: Set<String> = ["#"]

  /// Grows with every step, so that a limit for it is one for recursion.
  var depth: Int { path.count + references.count }

  func inside(_ steps: String...) -> SchemaPlace {
    var place = self
    place.path += steps
    return place
  }

  /// The place behind a reference; nil if it leads back to where it came from.
  func following(_ reference: String) -> SchemaPlace? {
    var place = self
    return place.references.insert(reference).inserted ? place : nil
  }

  func problem(_ reason: String) -> SchemaProblem {
    SchemaProblem(place: String(path.joined(separator: ".").prefix(200)), reason: reason)
  }
}
