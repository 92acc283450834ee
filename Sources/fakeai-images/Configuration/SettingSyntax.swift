import ArgumentParser

/// The syntax of one kind of value: a description of the allowed values, a parser and a formatter.
struct SettingSyntax<Value: Sendable>: Sendable {
  /// The placeholder for a value in the help: `--port <number>`.
  let placeholder: String
  /// Completes the sentence "allowed: …".
  let allowed: String
  /// Returns nil if the text is not allowed.
  let parse: @Sendable (String) -> Value?
  /// Formats a value so that ``parse`` can read it again. Settings reach the workers in this form.
  let text: @Sendable (Value) -> String
  /// The completions that a shell offers.
  var completion = CompletionKind.default
  /// What is wrong with a text that is not allowed, without the text itself, which may contain a password. It follows the name of the setting.
  /// nil: the text is shown.
  var problem: (@Sendable (String) -> String)?
  /// All values, if they are names, of which a message can suggest the one that was meant.
  var names: [String] = []
}

extension SettingSyntax where Value == Bool {
  static var boolean: Self {
    let words = ["true": true, "1": true, "yes": true, "on": true, "false": false, "0": false, "no": false, "off": false]
    return Self(
      placeholder: "boolean",
      allowed: "true, 1, yes, on, false, 0, no or off, in any case",
      parse: { words[$0.lowercased()] },
      text: { $0 ? "true" : "false" },
      completion: .list(["true", "false"]))
  }
}

extension SettingSyntax where Value: FixedWidthInteger {
  /// - Parameters:
  ///   - range: the numbers that are allowed.
  ///   - zero: the meaning of 0, if 0 is allowed and is not an ordinary number.
  static func integer(_ range: ClosedRange<Value>, zero: String? = nil) -> Self {
    let meaning = zero.map { ", where 0 is \($0)" } ?? ""
    return Self(
      placeholder: "number",
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)\(meaning)",
      parse: { text in
        guard text.utf8.allSatisfy(\.isDigit), let value = Value(text), range.contains(value) else { return nil }
        return value
      },
      text: { String($0) })
  }
}

extension SettingSyntax where Value: RawRepresentable<String> & CaseIterable {
  /// One of some words in lower case, accepted in any case.
  ///
  /// - Parameters:
  ///   - placeholder: what stands for a word in the help.
  ///   - remark: a remark for the error message, such as a value that is planned.
  static func choice(_ placeholder: String, remark: String = "") -> Self {
    let names = Value.allCases.map(\.rawValue)
    return Self(
      placeholder: placeholder,
      allowed: names.formattedAsChoice + remark,
      parse: { text in Value.allCases.first { $0.rawValue == text.lowercased() } },
      text: \.rawValue,
      completion: .list(names),
      names: names)
  }
}

extension SettingSyntax where Value == Double {
  /// A decimal number above 0.
  static func positive(upTo limit: Double, of unit: String) -> Self {
    Self(
      placeholder: unit,
      allowed: "a decimal number of \(unit), above 0 and at most \(limit.withoutTrailingZero)",
      parse: { text in
        // `Double` also reads "inf", "nan" and hexadecimal numbers.
        guard text.utf8.first?.isDigit == true, !text.utf8.contains(UInt8(ascii: "x")) else { return nil }
        return Double(text).flatMap { $0 > 0 && $0 <= limit ? $0 : nil }
      },
      text: \.withoutTrailingZero)
  }
}

extension SettingSyntax where Value == Double {
  /// A decimal number of seconds.
  static func seconds(_ range: ClosedRange<Double>) -> Self { number(range, placeholder: "seconds", called: "a number of seconds") }

  /// A decimal number.
  static func number(_ range: ClosedRange<Double>, placeholder: String = "number", called name: String = "a number") -> Self {
    Self(
      placeholder: placeholder,
      allowed: "\(name) from \(range.lowerBound.withoutTrailingZero) to \(range.upperBound.withoutTrailingZero)",
      parse: { text in
        guard text.utf8.first?.isDigit == true, !text.utf8.contains(UInt8(ascii: "x")) else { return nil }
        return Double(text).flatMap { range.contains($0) ? $0 : nil }
      },
      text: \.withoutTrailingZero)
  }
}

extension [String] {
  /// `a`, `a or b`, `a, b or c`.
  fileprivate var formattedAsChoice: String {
    guard count > 1, let last else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " or " + last
  }
}

extension Double {
  /// `1` for 1.0, `0.5` for 0.5.
  fileprivate var withoutTrailingZero: String {
    Int(exactly: self).map { String($0) } ?? String(self)
  }
}

extension UInt8 {
  /// Whether this is an ASCII decimal digit.
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
