import FoundationEssentials
import Testing

@testable import Drawing

struct FontStackTests {
  static func face(of text: String, in fonts: FontStack) -> FontFile? {
    Itemisation(PlainText(text, limit: 100), with: fonts).runs.last.map { fonts.file($0.face) }
  }

  @Test(arguments: [
    ("ä", FontFile.first), ("Ж", .first), ("ع", .noto("SansArabic")), ("ש", .noto("SansHebrew")), ("ह", .noto("SansDevanagari")),
    ("ท", .noto("SansThai")), ("湖", .eastAsian), ("か", .eastAsian), ("호", .eastAsian), ("😀", .emoji), ("🇯🇵", .emoji), ("❤\u{FE0F}", .emoji),
    ("1\u{FE0F}\u{20E3}", .emoji), ("❤\u{FE0E}", .symbols), ("ꓐ", .noto("SansLisu")), ("𝔸", .symbols),
  ])
  func `each script comes from the font that is made for it`(text: String, file: FontFile) throws {
    let font = try #require(Font.find(in: [Font.usualPlaces[0]]))
    let fonts = FontStack(font: font)
    #expect(Self.face(of: text, in: fonts) == file)
  }

  @Test func `a caption has the lighter font of a semibold prompt, and the same fallback fonts`() throws {
    let font = try #require(Font.find(in: [Font.usualPlaces[0]]))
    let fonts = FontStack(font: font)
    for text in ["ab", "äb"] {
      let prompt = Itemisation(PlainText(text, limit: 9), with: fonts).runs[0].face
      let caption = Itemisation(PlainText(text, limit: 9), with: fonts, role: .caption).runs[0].face
      #expect(prompt == 0 && caption == 1)
    }
    let heavy = ShapedText(PlainText("a model", limit: 9), in: fonts)
    let light = ShapedText(PlainText("a model", limit: 9), in: fonts, role: .caption)
    #expect(light.advance < heavy.advance)
    #expect(Itemisation(PlainText("ท", limit: 9), with: fonts, role: .caption).runs.map { fonts.file($0.face) } == [.noto("SansThai")])
  }

  @Test func `one font that somebody chose is for prompts and captions`() throws {
    let fonts = FontStack(font: try Font(path: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
    #expect(Itemisation(PlainText("ab", limit: 9), with: fonts, role: .caption).runs[0].face == 0)
  }

  @Test(arguments: ["ع", "ש", "湖", "😀", "ह", "\u{10FFFF}"])
  func `without its font a letter is the first typeface's, at last as a box`(text: String) throws {
    let font = try #require(Font.find())
    let fonts = FontStack(font: font, folders: ["/no/such/folder"])
    #expect(Self.face(of: text, in: fonts) == .first)
    #expect(ShapedText(PlainText(text, limit: 10), in: fonts).words.count == 1)
  }

  @Test func `without a font the next one is taken`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fonts-\(UInt32.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let substitute = folder.appending(path: FontFile.eastAsianSubstitute.name)
    try FileManager.default.createSymbolicLink(
      at: substitute, withDestinationURL: URL(filePath: "/usr/share/fonts/opentype/noto/\(FontFile.eastAsian.name)"))
    let font = try #require(Font.find())
    let fonts = FontStack(font: font, folders: [folder.path])
    #expect(Self.face(of: "湖", in: fonts) == .eastAsianSubstitute)
    #expect(Self.face(of: "ع", in: fonts) == .first)
  }

  @Test func `fonts are opened when they are needed, and closed when they crowd`() throws {
    let font = try #require(Font.find())
    let fonts = FontStack(font: font)
    _ = Self.face(of: "Äpfel", in: fonts)
    #expect(!fonts.closeIfWorn())
    for code in stride(from: UInt32(0x900), to: 0x1C80, by: 0x20) {
      guard let scalar = Unicode.Scalar(code) else { continue }
      _ = Self.face(of: String(scalar), in: fonts)
    }
    #expect(fonts.closeIfWorn())
    #expect(Self.face(of: "ع", in: fonts) == .noto("SansArabic"))
  }

  @Test func `a caption keeps its font when fallback fonts are closed`() throws {
    let font = try #require(Font.find())
    let fonts = FontStack(font: font)
    let before = ShapedText(PlainText("a model", limit: 9), in: fonts, role: .caption)
    _ = Self.face(of: "ع", in: fonts)
    fonts.wear(by: 1 << 40)
    #expect(fonts.closeIfWorn())
    for text in ["ع", "ท"] { _ = Self.face(of: text, in: fonts) }
    #expect(ShapedText(PlainText("a model", limit: 9), in: fonts, role: .caption).advance == before.advance)
  }

  @Test func `the alphabet without fonts says which scripts it lacks`() {
    let coverage = ScriptCoverage.all(font: "/no/such/font.ttf", folders: [])
    #expect(coverage.count > 10)
    #expect(coverage.filter { $0.font == nil }.map(\.name).contains("Thai"))
  }

  @Test func `with all fonts every script is covered`() throws {
    try #require(Font.find() != nil)
    let coverage = ScriptCoverage.all()
    #expect(coverage.filter { $0.font == nil } == [])
    #expect(coverage.first { $0.name == "Emoji" }?.font == FontFile.emoji.name)
  }
}
