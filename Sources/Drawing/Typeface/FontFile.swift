/// A font file that a text may need, by name: Debian packages, other distributions and people's own folders agree on names, not on places.
///
/// A list, and not fontconfig: it needs no daemon, no cache that has to be built first and no settings of whoever runs the program, so that
/// the same prompt is the same picture on every machine with the same fonts.
struct FontFile: Hashable, Sendable {
  let name: String

  /// Stands for the typeface that text is in unless it lacks something.
  static let first = FontFile(name: "")
  /// Colours, by Debian's fonts-noto-color-emoji.
  static let emoji = FontFile(name: "NotoColorEmoji.ttf")
  /// Chinese, Japanese and Korean, by Debian's fonts-noto-cjk.
  static let eastAsian = FontFile(name: "NotoSansCJK-Regular.ttc")
  /// The same, less handsome, by Debian's fonts-droid-fallback.
  static let eastAsianSubstitute = FontFile(name: "DroidSansFallbackFull.ttf")

  /// A font of Debian's fonts-noto-core.
  static func noto(_ family: String) -> FontFile { FontFile(name: "Noto\(family)-Regular.ttf") }

  /// Debian's, Fedora's and Arch's, in this order.
  package static let usualFolders = [
    "/usr/share/fonts/truetype/noto", "/usr/share/fonts/opentype/noto", "/usr/share/fonts/truetype/droid",
    "/usr/share/fonts/google-noto", "/usr/share/fonts/google-noto-sans-cjk-fonts", "/usr/share/fonts/google-noto-color-emoji-fonts",
    "/usr/share/fonts/noto", "/usr/share/fonts/noto-cjk",
  ]

  /// Nil where no folder has it, or it is no font.
  func open(in folders: [String]) -> Font? {
    for folder in folders {
      if let font = try? Font(path: "\(folder)/\(name)") { return font }
    }
    return nil
  }
}

extension FontFile {
  /// What a grapheme is, as far as it decides on fonts.
  struct Wish: Hashable {
    let script: Script
    let isEmoji: Bool

    /// Where to look for it, the best first.
    var files: [FontFile] {
      let preferred: [FontFile] = isEmoji ? [.emoji] : FontFile.made(for: script)
      return preferred + [.first] + FontFile.general
    }
  }

  private static func made(for script: Script) -> [FontFile] {
    notoFamilies[script].map { [.noto($0)] } ?? []
  }

  /// Symbols, and what stands beside no letter of its script.
  static let general: [FontFile] = [
    .noto("Sans"), .eastAsian, .eastAsianSubstitute, .noto("SansSymbols2"), .noto("SansSymbols"), .noto("SansMath"), .noto("Music"), .emoji,
  ]
}
