/// The typefaces that a text is set in: the first one, and fallback fonts for what it lacks. Those are opened when a text first needs them.
///
/// A face's number says which is meant: 0 is the first, others are given as they are opened.
package final class FontStack {
  private var faces: [any Typeface]
  /// Of each file that was asked for; nil where it cannot be opened.
  private var numbers: [FontFile: UInt8?] = [:]
  private let folders: [String]
  private var worn = 0
  /// Whether the first typeface has all of printable ASCII.
  let writesASCII: Bool

  /// - Parameters:
  ///   - font: nil for the built-in alphabet.
  ///   - folders: where to look for fallback fonts.
  package convenience init(font: Font?, folders: [String] = FontFile.usualFolders) {
    self.init(font ?? BuiltInAlphabet() as any Typeface, folders: folders)
  }

  init(_ first: any Typeface, folders: [String] = []) {
    faces = [first]
    writesASCII = (0x20...0x7E).allSatisfy(first.covers)
    self.folders = folders
  }

  /// The typeface whose measures lines of plain text have.
  var first: any Typeface { faces[0] }

  subscript(_ number: UInt8) -> any Typeface { faces[Int(number)] }

  /// The face that shows a grapheme best: whole, in the font made for its script, at last as the first typeface's empty box.
  ///
  /// - Parameter last: the face of what stands before it, for what has no looks of its own.
  func face(for grapheme: ArraySlice<UInt32>, script: Script, isEmoji: Bool, after last: UInt8?) -> UInt8 {
    let visible = grapheme.filter { !Self.isInvisible($0) }
    if let last, visible.allSatisfy({ $0 == PlainText.blank }), visible.allSatisfy(self[last].covers) { return last }
    let wish = FontFile.Wish(script: script, isEmoji: isEmoji)
    return best(of: wish) { face in visible.allSatisfy(face.covers) }
      ?? best(of: wish) { face in visible.first.map(face.covers) ?? false } ?? 0
  }

  /// Whether some face that can be found has all of a grapheme. (Asks for those that are made for it, and the general ones.)
  func covers(_ grapheme: ArraySlice<UInt32>, isEmoji: Bool) -> Bool {
    let script = grapheme.first.map(Script.init(of:)) ?? .latin
    let face = self[face(for: grapheme, script: script, isEmoji: isEmoji, after: nil)]
    return grapheme.allSatisfy { Self.isInvisible($0) || face.covers($0) } && (!isEmoji || face.hasColours)
  }

  /// The file of a face.
  func file(_ number: UInt8) -> FontFile { numbers.first { $0.value == number }?.key ?? .first }

  private func best(of wish: FontFile.Wish, where suits: (any Typeface) -> Bool) -> UInt8? {
    for file in wish.files {
      guard let number = number(of: file) else { continue }
      if suits(self[number]) { return number }
    }
    return nil
  }

  private func number(of file: FontFile) -> UInt8? {
    if file == .first { return 0 }
    if let known = numbers[file] { return known }
    guard faces.count < Self.mostFaces else { return nil }
    let font = file.open(in: folders)
    let number = font.map { _ in UInt8(faces.count) }
    if let font { faces.append(font) }
    numbers[file] = .some(number)
    return number
  }

  /// Counts glyphs that were looked at: each may have brought another page of a font's file into memory.
  func wear(by glyphs: Int) { worn += glyphs }

  /// Closes fallback fonts where many are open or much of them was looked at, and with them what they occupy.
  ///
  /// - Returns: whether it did; glyphs with a face's number are then worth nothing.
  func closeIfWorn() -> Bool {
    guard faces.count > Self.mostFaces / 2 || worn > Self.mostWorn else { return false }
    faces.removeSubrange(1...)
    numbers = [:]
    worn = 0
    return true
  }

  /// What fonts need no glyph for: HarfBuzz leaves it out.
  private static func isInvisible(_ scalar: UInt32) -> Bool {
    scalar > 0x7F && Unicode.Scalar(scalar)?.properties.isDefaultIgnorableCodePoint == true
  }

  /// One picture may be in as many.
  private static let mostFaces = 16
  private static let mostWorn = 1000
}
