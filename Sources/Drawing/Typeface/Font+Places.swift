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
