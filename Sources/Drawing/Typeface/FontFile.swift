import Glibc

/// The name of a font file that a text may need. Debian's packages, other distributions and private folders agree on names, but not on
/// places.
///
/// A list replaces fontconfig: it needs no cache and no user settings, so the same prompt makes the same picture on every machine with the
/// same fonts.
struct FontFile: Hashable, Sendable {
  let name: String

  /// Stands for the first typeface of a prompt, and for that of a caption.
  static let first = FontFile(name: "")
  static let firstOfCaption = FontFile(name: "caption")
  /// Many symbols, from Debian's fonts-dejavu-core.
  static let symbols = FontFile(name: "DejaVuSans.ttf")
  /// Emoji in colours, from Debian's fonts-noto-color-emoji.
  static let emoji = FontFile(name: "NotoColorEmoji.ttf")
  /// Chinese, Japanese and Korean, from Debian's fonts-noto-cjk.
  static let eastAsian = FontFile(name: "NotoSansCJK-Regular.ttc")
  /// The same scripts with less beautiful letters, from Debian's fonts-droid-fallback.
  static let eastAsianSubstitute = FontFile(name: "DroidSansFallbackFull.ttf")

  /// A font from Debian's fonts-noto-core.
  static func noto(_ family: String) -> FontFile { FontFile(name: "Noto\(family)-Regular.ttf") }

  /// The font folders of Debian, Fedora and Arch, in this order.
  package static let usualFolders = [
    "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/truetype/noto", "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/truetype/droid",
    "/usr/share/fonts/google-noto", "/usr/share/fonts/google-noto-sans-cjk-fonts", "/usr/share/fonts/google-noto-color-emoji-fonts",
    "/usr/share/fonts/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/dejavu-sans-fonts", "/usr/share/fonts/TTF",
  ]

  /// Opens the file. Nil if no folder has it or it is not a font.
  func open(in folders: [String]) -> Font? {
    for folder in folders {
      if let font = try? Font(path: "\(folder)/\(name)") { return font }
    }
    return nil
  }
}

extension FontFile {
  /// The properties of a grapheme that determine its fonts.
  struct Query: Hashable {
    let script: Script
    let isEmoji: Bool
    let role: TextRole

    /// The files to try, the best first.
    var files: [FontFile] {
      let preferred: [FontFile] = isEmoji ? [.emoji] : FontFile.made(for: script)
      return preferred + [role == .prompt ? .first : .firstOfCaption] + FontFile.general
    }
  }

  private static func made(for script: Script) -> [FontFile] {
    notoFamilies[script].map { [.noto($0)] } ?? []
  }

  /// Fonts for symbols and for graphemes that their script's font lacks.
  static let general: [FontFile] = [
    .symbols, .noto("Sans"), .eastAsian, .eastAsianSubstitute, .noto("SansSymbols2"), .noto("SansSymbols"), .noto("SansMath"),
    .noto("Music"), .emoji,
  ]
}

extension FontStack {
  /// Asks the system to read every fallback font into its page cache, and does not wait for it. Otherwise, the first prompt in a script
  /// would wait for the disk, which takes longer than drawing the picture.
  ///
  /// All of Debian's fonts take 47 MB of cache, which the system can reclaim at any time.
  package static func readAhead(in folders: [String] = FontFile.usualFolders) {
    for file in FontFile.all {
      for folder in folders where readAhead("\(folder)/\(file.name)") { break }
    }
  }

  /// - Returns: false if there is no such file.
  private static func readAhead(_ path: String) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return false }
    // Linux reads only the beginning of a longer stretch.
    for start in stride(from: 0, to: min(Int(status.st_size), mostBytes), by: stretch) {
      posix_fadvise(descriptor, off_t(start), off_t(stretch), POSIX_FADV_WILLNEED)
    }
    return true
  }

  /// Linux's default readahead.
  private static let stretch = 128 << 10
  /// The most bytes of a file to read; the largest font file has 19 MB.
  private static let mostBytes = 64 << 20
}

extension FontFile {
  /// All fallback fonts.
  fileprivate static var all: Set<FontFile> { Set(notoFamilies.values.map(noto)).union(general).union([.emoji]) }
}

extension Font {
  /// Opens the first font that can be opened, and its lighter companion.
  ///
  /// - Parameter candidates: paths of font files, the best first.
  /// - Returns: nil if there is none; `TextRenderer` then uses the built-in alphabet.
  package static func find(in candidates: [String] = Font.usualPlaces) -> Font? {
    for path in candidates {
      guard let font = try? Font(path: path) else { continue }
      font.lighter = lighterPath(of: path).flatMap { try? Font(path: $0) }
      return font
    }
    return nil
  }

  /// The usual fonts. Open Sans comes first, in a semibold that has Latin, Greek and Cyrillic; `fonts-open-sans` installs it. DejaVu Sans has
  /// more scripts, and is what other machines usually have. Slim images and other distributions have Liberation or Noto instead.
  package static let usualPlaces = [
    "/usr/share/fonts/truetype/open-sans/OpenSans-Semibold.ttf",
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

  /// The path of the regular font of a semibold one's family; nil for a font that is not semibold.
  private static func lighterPath(of path: String) -> String? {
    guard path.hasSuffix("-Semibold.ttf") else { return nil }
    return path.dropLast("Semibold.ttf".count) + "Regular.ttf"
  }
}
