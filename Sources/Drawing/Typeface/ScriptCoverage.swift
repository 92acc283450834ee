/// Whether the installed fonts cover a script, and which font does.
package struct ScriptCoverage: Sendable, Hashable {
  /// The name of the script, such as `Arabic`.
  package let name: String
  /// The name of the font file, or `built-in alphabet`; nil if letters are drawn as boxes.
  package let font: String?
  /// The Debian package with the best font for it.
  package let package: String

  package init(name: String, font: String?, package: String) {
    (self.name, self.font, self.package) = (name, font, package)
  }

  /// Checks all scripts. Every font is opened for the check.
  ///
  /// - Parameters:
  ///   - font: the path of the first font; nil for the usual ones.
  ///   - folders: the folders of fallback fonts.
  package static func all(font path: String? = nil, folders: [String] = FontFile.usualFolders) -> [ScriptCoverage] {
    let path = path ?? Font.usualPlaces.first { (try? Font(path: $0)) != nil }
    let fonts = FontStack(font: path.flatMap { try? Font(path: $0) }, folders: folders)
    let first = path.map { String($0.split(separator: "/").last ?? "") } ?? "built-in alphabet"
    return samples.map { name, sample, package in
      ScriptCoverage(name: name, font: fonts.font(for: sample).map { $0 == .first ? first : $0.name }, package: package)
    }
  }

  /// Letters that every font of the script has.
  private static let samples: [(name: String, sample: String, package: String)] = [
    ("Latin", "aßéłőệ", "fonts-open-sans"), ("Greek", "αΩή", "fonts-open-sans"), ("Cyrillic", "жЯїў", "fonts-open-sans"),
    ("Arabic", "عربيپگ", "fonts-noto-core"), ("Hebrew", "אבשּׁ", "fonts-noto-core"), ("Devanagari", "हिन्दी", "fonts-noto-core"),
    ("Bengali", "বাংলা", "fonts-noto-core"), ("Tamil", "தமிழ்", "fonts-noto-core"), ("Thai", "ไทยที่", "fonts-noto-core"),
    ("Chinese", "汉語国龍", "fonts-noto-cjk"), ("Japanese", "日本ごカナ", "fonts-noto-cjk"), ("Korean", "한국어뷁", "fonts-noto-cjk"),
    ("Emoji", "😀🦢👩‍🚀🇯🇵", "fonts-noto-color-emoji"),
  ]
}

extension FontStack {
  /// The font file of a text's last grapheme; nil if any grapheme is in no font.
  fileprivate func font(for sample: String) -> FontFile? {
    let text = PlainText(sample, limit: .max)
    let faces = Itemisation(text, with: self).runs.map(\.face)
    let isWhole = Grapheme.all(of: text).allSatisfy { covers(text.scalars[$0.scalars], isEmoji: $0.isEmoji) }
    return isWhole ? faces.last.map(file) : nil
  }
}
