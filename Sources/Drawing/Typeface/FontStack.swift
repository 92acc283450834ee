/// What a text is for.
enum TextRole: Sendable {
  /// Set large, in semibold if there is one.
  case prompt
  /// Set small: the watermark.
  case caption
}

/// The typefaces of a text: the first one, and fallback fonts for characters that it lacks. Fallback fonts are opened when a text first
/// needs them.
///
/// Faces have numbers: 0 is the first typeface of prompts, the next one that of captions, if it is another, and others get the next number when
/// they are opened.
package final class FontStack {
  private var faces: [any Typeface]
  /// The files that some query named, and the state of each.
  private var files: [(name: FontFile, state: FileState)]
  /// Indices into ``files`` for each query, the best first, so that names are not looked up for each letter of a text.
  private var candidates: [FontFile.Query: [Int]] = [:]
  private let folders: [String]
  private var worn = 0
  /// The number of faces that are never closed.
  private let ownCount: Int
  /// Whether the first typefaces have all of printable ASCII.
  let writesASCII: Bool

  /// - Parameters:
  ///   - font: nil for the built-in alphabet. Its lighter companion, if it has one, is for captions.
  ///   - folders: where to look for fallback fonts.
  package convenience init(font: Font?, folders: [String] = FontFile.usualFolders) {
    self.init(font ?? BuiltInAlphabet() as any Typeface, caption: font?.lighter, folders: folders)
  }

  init(_ first: any Typeface, caption: (any Typeface)? = nil, folders: [String] = []) {
    faces = caption.map { [first, $0] } ?? [first]
    ownCount = faces.count
    files = [(.first, .open(0)), (.firstOfCaption, .open(UInt8(ownCount - 1)))]
    writesASCII = faces.allSatisfy { (0x20...0x7E).allSatisfy($0.covers) }
    self.folders = folders
  }

  /// The number of the typeface that sets the measures of lines.
  func first(for role: TextRole) -> UInt8 { role == .prompt ? 0 : UInt8(ownCount - 1) }

  subscript(_ number: UInt8) -> any Typeface { faces[Int(number)] }

  /// The face that shows a grapheme best. Faces that have all of it are preferred, the one made for its script first; the last resort is
  /// the first typeface's empty box.
  ///
  /// - Parameter last: the face of the grapheme before it, for blanks and invisible characters.
  func face(for grapheme: ArraySlice<UInt32>, script: Script, isEmoji: Bool, role: TextRole = .prompt, after last: UInt8?) -> UInt8 {
    if let last, grapheme.allSatisfy({ $0 == PlainText.blank && self[last].covers($0) || Self.isInvisible($0) }) { return last }
    let query = FontFile.Query(script: script, isEmoji: isEmoji, role: role)
    let visible = grapheme.filter { !Self.isInvisible($0) }
    if let whole = best(of: query, where: { visible.allSatisfy($0.covers) }) { return whole }
    guard grapheme.count > 1, let base = visible.first else { return first(for: role) }
    return best(of: query) { $0.covers(base) } ?? first(for: role)
  }

  /// Whether an installed font has all of a grapheme: one made for its script, or a general one.
  func covers(_ grapheme: ArraySlice<UInt32>, isEmoji: Bool) -> Bool {
    let script = grapheme.first.map(Script.init(of:)) ?? .latin
    let face = self[face(for: grapheme, script: script, isEmoji: isEmoji, after: nil)]
    return grapheme.allSatisfy { Self.isInvisible($0) || face.covers($0) } && (!isEmoji || face.hasColours)
  }

  /// The file of a face.
  func file(_ number: UInt8) -> FontFile { files.first { $0.state == .open(number) }?.name ?? .first }

  private func best(of query: FontFile.Query, where suits: (any Typeface) -> Bool) -> UInt8? {
    for candidate in candidates(for: query) {
      guard let number = number(ofFileAt: candidate) else { continue }
      if suits(self[number]) { return number }
    }
    return nil
  }

  private func candidates(for query: FontFile.Query) -> [Int] {
    if let known = candidates[query] { return known }
    let found = query.files.map { name in
      files.firstIndex { $0.name == name }
        ?? {
          files.append((name, .unopened))
          return files.count - 1
        }()
    }
    candidates[query] = found
    return found
  }

  private func number(ofFileAt index: Int) -> UInt8? {
    switch files[index].state {
    case .open(let number): return number
    case .missing: return nil
    case .unopened: break
    }
    guard faces.count < Self.mostFaces else { return nil }
    guard let font = files[index].name.open(in: folders) else {
      files[index].state = .missing
      return nil
    }
    faces.append(font)
    files[index].state = .open(UInt8(faces.count - 1))
    return UInt8(faces.count - 1)
  }

  /// Counts glyphs that were used: each may have brought another page of a font file into memory.
  func wear(by glyphs: Int) { worn += glyphs }

  /// Closes fallback fonts if many are open or many of their glyphs were used, to free their memory.
  ///
  /// - Returns: whether fonts were closed. The numbers of faces, and glyphs under them, are then invalid.
  func closeIfWorn() -> Bool {
    guard faces.count > Self.mostFaces / 2 || worn > Self.mostWorn else { return false }
    faces.removeSubrange(ownCount...)
    for index in files.indices.dropFirst(2) { files[index].state = .unopened }
    worn = 0
    return true
  }

  /// Whether a scalar needs no glyph, because HarfBuzz leaves it out.
  private static func isInvisible(_ scalar: UInt32) -> Bool {
    scalar > 0x7F && Unicode.Scalar(scalar)?.properties.isDefaultIgnorableCodePoint == true
  }

  private enum FileState: Equatable {
    case unopened, missing
    /// The file is open as the face of this number.
    case open(UInt8)
  }

  /// The most faces of one picture.
  private static let mostFaces = 16
  private static let mostWorn = 1000
}
