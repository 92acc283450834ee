import Drawing
import SystemCalls
import Testing

@testable import Templates

@Suite struct TemplateLibraryTests {
  private let folder: TemplateFolder

  init() throws { folder = try TemplateFolder() }

  private func library(_ clock: WallClock = .system) -> TemplateLibrary { TemplateLibrary(directory: folder.path, clock: clock) }

  /// A clock by which no file was written a moment ago.
  private static let later = WallClock { WallClock.system.now() + 3_600_000_000_000 }

  private func fill(_ colour: String) -> String { #"{"layers":[{"fill":"\#(colour)"}]}"# }

  private func shade(_ template: Template) -> Template.Shade? {
    if case .fill(let fill)? = template.layers.first, case .solid(let shade) = fill.paint { shade } else { nil }
  }

  /// What tells the image of a template's first layer from every other that was read.
  private static func imageID(_ template: Template) -> TemplateFileID? {
    if case .image(let image)? = template.layers.first, case .file(let file) = image.source { file.id } else { nil }
  }

  @Test func `a file that changes is read again`() throws {
    let library = library(Self.later)
    try folder.write(fill("primary"), as: "card.json")
    #expect(try shade(library.template("card")) == .palette(.primary))
    try folder.write(fill("secondary"), as: "card.json")
    #expect(try shade(library.template("card")) == .palette(.secondary))
  }

  @Test func `a picture that changes is read again`() throws {
    let library = library(Self.later)
    try folder.write(#"{"layers":[{"image":"logo.png"}]}"#, as: "card.json")
    func size() throws -> Int? {
      if case .image(let image)? = try library.template("card").layers.first, case .file(let file) = image.source {
        file.upload.width
      } else {
        nil
      }
    }
    #expect(try size() == 40)
    try folder.write(TemplateFolder.png(width: 7, height: 3), as: "logo.png")
    #expect(try size() == 7)
    folder.remove("logo.png")
    #expect(throws: TemplateError.self) { try size() }
  }

  @Test func `what stays the same is read once`() throws {
    let library = library(Self.later)
    try folder.write(#"{"layers":[{"image":"logo.png"}]}"#, as: "card.json")
    let first = Self.imageID(try library.template("card"))
    #expect(first != nil)
    #expect(Self.imageID(try library.template("card")) == first)
    // By a clock that runs with the files', another program may still be writing.
    let (one, other) = (try self.library().template("card"), try self.library().template("card"))
    #expect(one.layers.count == other.layers.count)
  }

  @Test func `what may still be written is not kept`() throws {
    let before = WallClock.system.now()
    let library = library(WallClock { before })
    try folder.write(fill("primary"), as: "card.json")
    _ = try library.template("card")
    #expect(library.kept.count == 0)
  }

  @Test func `pictures that are no longer used make room`() throws {
    let library = library(Self.later)
    for name in (0..<8).map({ "t\($0)" }) {
      try folder.write(TemplateFolder.png(width: 2000, height: 2000), as: "\(name).png")
      try folder.write(#"{"layers":[{"image":"\#(name).png"}]}"#, as: "\(name).json")
      _ = try library.template(name)
    }
    #expect(library.kept.bytes <= 64 << 20)
    #expect(library.kept.count < 8)
    #expect(library.kept.count > 1)
    let latest = Self.imageID(try library.template("t7"))
    #expect(Self.imageID(try library.template("t7")) == latest)
  }

  @Test func `names are those of files and of what is built in`() throws {
    try folder.write(fill("card"), as: "card.json")
    try folder.write(fill("card"), as: ".hidden.json")
    try folder.write("", as: "notes.txt")
    #expect(library().names == ["card", "hd", "standard"])
    #expect(TemplateLibrary().names == ["hd", "standard"])
  }

  @Test func `a thousand files of a directory are looked at for their names`() throws {
    for number in 0..<1010 { try folder.write("", as: "notes\(number).txt") }
    #expect(TemplateLibrary.fileNames(in: folder.path).count == 1000)
  }

  @Test func `a file takes the place of what is built in`() throws {
    #expect(try library().template("standard").layers.count == 3)
    try folder.write(fill("primary"), as: "standard.json")
    #expect(try library().template("standard").layers.count == 1)
  }

  @Test(arguments: ["standard", "hd"]) func `what is built in has no mistakes`(_ name: String) throws {
    let source = try TemplateLibrary().source(name)
    #expect(source.faults(in: nil).isEmpty)
    #expect(try TemplateLibrary().template(name).summary != nil)
  }

  @Test func `an unknown name is told with those that exist`() throws {
    try folder.write(fill("card"), as: "card.json")
    let error = #expect(throws: TemplateError.self) { try library().template("crad") }
    #expect(error?.description == #""crad" (did you mean card?): there is no such template; allowed: none, card, hd, standard"#)
    let other = #expect(throws: TemplateError.self) { try TemplateLibrary().template("card.json") }
    #expect(other?.description.hasSuffix("because the server has no directory of templates (FAKEAI_TEMPLATES)") == true)
  }

  @Test func `a check finds all mistakes but those within pictures and fonts`() throws {
    try folder.write("A picture", as: "text.png")
    for text in [#"{"layers":[{"image":"none.png"}]}"#, #"{"layers":[{"image":"text.png"}]}"#, #"{"layers":[{"fill":"blue"}]}"#, "{"] {
      try folder.write(text, as: "card.json")
      #expect(throws: TemplateError.self, "\(text)") { try library().check("card") }
    }
    try folder.write(Array(TemplateFolder.png(width: 99, height: 99).dropLast(40)), as: "broken.png")
    try folder.write(#"{"layers":[{"image":"broken.png"}]}"#, as: "card.json")
    try library().check("card")
    #expect(throws: TemplateError.self) { try library().template("card") }
  }
}
