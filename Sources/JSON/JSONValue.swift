/// One JSON value (RFC 8259), as ``init(parsing:limits:)`` reads it.
///
/// Strings are views into the document rather than copies, because a document may be one string of 50 MB. The document therefore lives for
/// as long as any of its strings does.
package enum JSONValue: Sendable, Equatable {
  case string(JSONString)
  /// A number without a fraction that fits `Int`, however it was written: `1`, `1.0` and `10e-1` are the same number.
  case integer(Int)
  /// Any other number. Always finite.
  case decimal(Double)
  case boolean(Bool)
  case null
  case array([JSONValue])
  case object(JSONObject)

  /// Parses a whole document. A byte order mark before it is skipped, as section 8.1 of the RFC allows.
  ///
  /// - Throws: the first error in the document. Invalid JSON is rejected anywhere in the document.
  package init(parsing document: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
    self = try JSONParser.parse(document, limits)
  }

  /// The kind of the value with its article, as error messages name it.
  package var kind: String {
    switch self {
    case .string: "a string"
    case .integer: "an integer"
    case .decimal: "a decimal number"
    case .boolean: "a boolean"
    case .null: "null"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// Bounds of a document. Memory and time grow with the number of values, not with the number of bytes: a megabyte of `0,0,0,…` takes more
/// of both than 50 MB in one string.
package struct JSONLimits: Sendable {
  /// Values of all kinds, at any depth.
  package var values: Int
  /// How deeply arrays and objects may be nested.
  package var depth: Int

  package init(values: Int = 65_536, depth: Int = 512) { (self.values, self.depth) = (values, depth) }
}

/// The members of an object, in the order of the document.
package struct JSONObject: Sendable, Equatable {
  package struct Member: Sendable, Equatable {
    package var name: JSONString
    package var value: JSONValue

    package init(name: JSONString, value: JSONValue) { (self.name, self.value) = (name, value) }
  }

  package let members: [Member]

  package init(members: [Member] = []) { self.members = members }

  package static let empty = JSONObject(members: [])

  /// The value of that name, or nil if there is none. Of several members with the same name the last one counts, as in most languages' parsers.
  package subscript(name: String) -> JSONValue? { members.last { $0.name == name }?.value }

  /// The first name that occurs twice, for configuration files, where that is a mistake.
  package var duplicateName: String? {
    var seen = Set<JSONString>()
    return members.first { !seen.insert($0.name).inserted }?.name.text
  }
}
