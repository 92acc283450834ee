import CHarfBuzz

/// A writing system, by its ISO 15924 code as HarfBuzz packs it: four letters in 32 bits.
struct Script: Hashable, Sendable {
  let tag: UInt32

  /// - Parameter code: four ASCII letters, as in `Arab`.
  init(_ code: StaticString) {
    tag = code.withUTF8Buffer { unsafe $0.reduce(0) { $0 << 8 | UInt32($1) } }
  }

  /// The script that Unicode assigns to a scalar.
  init(of scalar: UInt32) {
    tag = unsafe hb_unicode_script(hb_unicode_funcs_get_default(), scalar).rawValue
  }

  /// Whether scalars of the script occur in all scripts: digits, punctuation, marks, controls, symbols.
  var isShared: Bool { self == .common || self == .inherited || self == .unknown }

  static let latin = Script("Latn")
  static let han = Script("Hani")
  static let hiragana = Script("Hira")
  static let katakana = Script("Kana")
  static let bopomofo = Script("Bopo")
  static let hangul = Script("Hang")
  private static let common = Script("Zyyy")
  private static let inherited = Script("Zinh")
  private static let unknown = Script("Zzzz")
}

/// A language, as far as it changes the shape of letters: the same ideograph looks different in China, Japan and Korea.
enum Language: String, Sendable {
  /// No particular language.
  case any = "und"
  case chinese = "zh-Hans"
  case japanese = "ja"
  case korean = "ko"

  /// Guesses the language of a text: kana mean Japanese, Hangul means Korean, and ideographs without either mean Chinese.
  init(writtenIn scripts: Set<Script>) {
    self =
      if scripts.contains(.hiragana) || scripts.contains(.katakana) {
        .japanese
      } else if scripts.contains(.hangul) {
        .korean
      } else if scripts.contains(.han) || scripts.contains(.bopomofo) {
        .chinese
      } else {
        .any
      }
  }
}
