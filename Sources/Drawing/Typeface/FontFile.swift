import Glibc

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
  struct Query: Hashable {
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

extension FontStack {
  /// Has the system read every fallback font into its page cache, without waiting for it: the first prompt in a script would otherwise wait
  /// for the disk, which takes longer than all of its drawing.
  ///
  /// With all of Debian's fonts that are 47 MB of cache, which the system takes back as it likes.
  package static func readAhead(in folders: [String] = FontFile.usualFolders) {
    for file in FontFile.all {
      for folder in folders where readAhead("\(folder)/\(file.name)") { break }
    }
  }

  /// - Returns: false where there is no such file.
  private static func readAhead(_ path: String) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return false }
    // Of a longer stretch, Linux reads the beginning only.
    for start in stride(from: 0, to: min(Int(status.st_size), mostBytes), by: stretch) {
      posix_fadvise(descriptor, off_t(start), off_t(stretch), POSIX_FADV_WILLNEED)
    }
    return true
  }

  /// Linux's usual readahead.
  private static let stretch = 128 << 10
  /// Of a font file; the largest is of 19 MB.
  private static let mostBytes = 64 << 20
}

extension FontFile {
  /// All that a text may need besides the first typeface.
  fileprivate static var all: Set<FontFile> { Set(notoFamilies.values.map(noto)).union(general).union([.emoji]) }
}

extension Font {
  /// Opens the first font that can be opened.
  ///
  /// - Parameter candidates: paths, the best first.
  /// - Returns: nil if there is none; `TextRenderer` then draws its own alphabet.
  package static func find(in candidates: [String] = Font.usualPlaces) -> Font? {
    for path in candidates {
      if let font = try? Font(path: path) { return font }
    }
    return nil
  }

  /// DejaVu Sans first: it covers the most scripts of the three (Latin, Greek, Cyrillic, Arabic, Hebrew, …) and is what
  /// `fonts-dejavu-core` installs. Liberation and Noto are what slimmed images and other distributions bring instead.
  package static let usualPlaces = [
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
    "/usr/share/fonts/liberation-sans/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/google-noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/noto/NotoSans-Regular.ttf",
  ]
}
