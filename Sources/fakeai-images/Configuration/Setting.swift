import ArgumentParser

/// One row of the table of settings: a name, how its values are written, and where the value goes.
struct Setting: Sendable {
  /// Name in the environment, such as `FAKEAI_IMAGE_STORE_SIZE`.
  let variable: String
  /// What it is for, in one sentence.
  let meaning: String
  /// What stands for a value in the help.
  let placeholder: String
  /// What a shell offers for a value.
  let completion: CompletionKind
  /// Completes the sentence "allowed: …".
  let allowed: String
  /// The default as a reader of the help should see it.
  let defaultText: String
  /// Writes a value's text into the settings; false where it is not allowed.
  let assign: @Sendable (_ text: String, _ settings: inout Settings) -> Bool
  /// The text of what the settings hold, for the environment of a worker.
  let text: @Sendable (Settings) -> String

  /// `defaultText` is for where the default's own text would say too little.
  init<Value>(
    _ variable: String, _ path: any WritableKeyPath<Settings, Value> & Sendable, _ syntax: SettingSyntax<Value>, defaultText: String? = nil,
    _ meaning: String
  ) {
    self.variable = variable
    self.meaning = meaning
    self.placeholder = syntax.placeholder
    self.completion = syntax.completion
    self.allowed = syntax.allowed
    self.defaultText = defaultText ?? syntax.text(Settings()[keyPath: path])
    self.assign = { text, settings in
      guard let value = syntax.parse(text) else { return false }
      settings[keyPath: path] = value
      return true
    }
    self.text = { syntax.text($0[keyPath: path]) }
  }

  /// A setting that may be left open, which the empty text says.
  init<Value>(
    _ variable: String, _ path: any WritableKeyPath<Settings, Value?> & Sendable, _ syntax: SettingSyntax<Value>, defaultText: String,
    _ meaning: String
  ) {
    let openSyntax = SettingSyntax<Value?>(
      placeholder: syntax.placeholder,
      allowed: syntax.allowed,
      parse: { text in text.isEmpty ? .some(nil) : syntax.parse(text).map(Optional.some) },
      text: { value in value.map(syntax.text) ?? "" },
      completion: syntax.completion)
    self.init(variable, path, openSyntax, defaultText: defaultText, meaning)
  }

  /// The flag of the same name: `--image-store-size` for `FAKEAI_IMAGE_STORE_SIZE`.
  var flag: String { "--" + variable.dropFirst(Setting.prefix.count).lowercased().replacing("_", with: "-") }

  static let prefix = "FAKEAI_"
}
