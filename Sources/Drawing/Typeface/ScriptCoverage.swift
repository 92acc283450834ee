/// Whether the fonts that are installed now write a script, and which of them does.
public struct ScriptCoverage: Sendable, Hashable {
  /// As people call it: `Arabic`.
  public let name: String
  /// Name of the font file, or `built-in alphabet`; nil where letters would come out as boxes.
  public let font: String?
  /// The Debian package whose font is best for it.
  public let package: String

  package init(name: String, font: String?, package: String) {
    (self.name, self.font, self.package) = (name, font, package)
  }

  /// Asks the fonts, each opened for it.
  ///
  /// - Parameters:
  ///   - font: as ``Font/init(path:)`` takes it; nil for the usual ones.
  ///   - folders: where fallback fonts are.
  package static func all(font path: String? = nil, folders: [String] = FontFile.usualFolders) -> [ScriptCoverage] {
    let path = path ?? Font.usualPlaces.first { (try? Font(path: $0)) != nil }
    let fonts = FontStack(font: path.flatMap { try? Font(path: $0) }, folders: folders)
    let first = path.map { String($0.split(separator: "/").last ?? "") } ?? "built-in alphabet"
    return samples.map { name, sample, package in
      ScriptCoverage(name: name, font: fonts.font(for: sample).map { $0 == .first ? first : $0.name }, package: package)
    }
  }

  /// Letters that no font of the script lacks.
  private static let samples: [(name: String, sample: String, package: String)] = [
    ("Latin", "aßéłőệ", "fonts-dejavu-core"), ("Greek", "αΩή", "fonts-dejavu-core"), ("Cyrillic", "жЯїў", "fonts-dejavu-core"),
    ("Arabic", "عربيپگ", "fonts-noto-core"), ("Hebrew", "אבשּׁ", "fonts-noto-core"), ("Devanagari", "हिन्दी", "fonts-noto-core"),
    ("Bengali", "বাংলা", "fonts-noto-core"), ("Tamil", "தமிழ்", "fonts-noto-core"), ("Thai", "ไทยที่", "fonts-noto-core"),
    ("Chinese", "汉語国龍", "fonts-noto-cjk"), ("Japanese", "日本ごカナ", "fonts-noto-cjk"), ("Korean", "한국어뷁", "fonts-noto-cjk"),
    ("Emoji", "😀🦢👩‍🚀🇯🇵", "fonts-noto-color-emoji"),
  ]
}

extension FontStack {
  /// The file that a text's last grapheme comes from; nil where a grapheme of it is in none.
  fileprivate func font(for sample: String) -> FontFile? {
    let text = PlainText(sample, limit: .max)
    let faces = Itemisation(text, with: self).runs.map(\.face)
    let isWhole = Grapheme.all(of: text).allSatisfy { covers(text.scalars[$0.scalars], isEmoji: $0.isEmoji) }
    return isWhole ? faces.last.map(file) : nil
  }
}
