/// A language that decides how letters look: the same ideograph is drawn differently in China, Japan and Korea.
enum Language: String, Sendable {
  /// No matter which.
  case any = "und"
  case chinese = "zh-Hans"
  case japanese = "ja"
  case korean = "ko"

  /// What a text is taken to be in: kana are Japanese, Hangul is Korean, and ideographs without either are Chinese.
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
