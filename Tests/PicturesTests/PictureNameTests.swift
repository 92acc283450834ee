import Testing

@testable import Pictures

@Suite struct PictureNameTests {
  private let folder: PictureFolder
  private let library: PictureLibrary

  init() throws {
    folder = try PictureFolder()
    library = PictureLibrary(directory: folder.path)
    try folder.write(TestPicture(width: 8, height: 8).png, as: "cat.png")
    try folder.write(TestPicture(width: 8, height: 8).png, as: ".secret.png")
    try folder.writeOutside(TestPicture(width: 8, height: 8).png, as: "dog.png")
  }

  private func reason(_ name: String) -> PictureError.Reason? {
    do throws(PictureError) {
      try library.check(name)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func `a name is that of a file directly in the directory`() {
    #expect(reason("cat.png") == nil)
    for name in ["", "../outside/dog.png", "/etc/passwd", "./cat.png", "cat.png/", "a/b", "a\0b", "cat\n.png", "cat\u{85}.png"] {
      #expect(reason(name) == .noName, "\(name.debugDescription)")
    }
    #expect(reason(String(repeating: "a", count: 256)) == .noName)
    #expect(reason(String(repeating: "a", count: 255)) == .unknown)
    for name in [".", "..", ".secret.png", "...", ".\u{301}"] { #expect(reason(name) == .hidden, "\(name.debugDescription)") }
  }

  @Test func `a name may have any letters`() throws {
    let names = ["a cat, sitting.png", "Катя.png", "猫.png", "e\u{301}.png", "%2e%2e%2fcat.png", "-rf", "\\..\\cat.png", "👨‍👩‍👧.png"]
    for name in names {
      try folder.write(TestPicture(width: 8, height: 8).png, as: name)
      #expect(reason(name) == nil, "\(name.debugDescription)")
    }
  }

  @Test func `an unknown name comes with the one that was probably meant, which is no hidden one`() {
    let error = #expect(throws: PictureError.self) { try library.check("cta.png") }
    #expect(error?.description == #""cta.png" (did you mean cat.png?): it is not in the directory of pictures (FAKEAI_PICTURES)"#)
    let secret = #expect(throws: PictureError.self) { try library.check("secret.png") }
    #expect(secret?.suggestion == "")
  }

  @Test func `a link is followed within the directory only`() throws {
    folder.link("tom.png", to: "cat.png")
    folder.link("dog.png", to: "../outside/dog.png")
    folder.link("absolute.png", to: folder.outside + "/dog.png")
    folder.link("back.png", to: "../pictures/cat.png")
    folder.link("process.png", to: "/proc/self/exe")
    folder.link("circle", to: "circle")
    folder.link("nothing.png", to: "none.png")
    // As Kubernetes mounts a ConfigMap.
    folder.link("..data", to: ".")
    folder.link("mounted.png", to: "..data/cat.png")
    #expect(reason("tom.png") == nil && reason("mounted.png") == nil)
    for name in ["dog.png", "absolute.png", "back.png", "process.png", "circle"] { #expect(reason(name) == .link, "\(name)") }
    #expect(reason("nothing.png") == .unknown)
  }

  /// Names put together from what usually leads astray, of which only those of the directory's own files must be found.
  @Test func `no name leads out of the directory, or to a hidden file`() throws {
    folder.link("dog.png", to: "../outside/dog.png")
    let parts = [
      "..", ".", "/", "//", "\\", "cat.png", "dog.png", "outside", "pictures", ".secret.png", "secret", "\0", "\n", " ", "~", "%2e", "%2f",
      "%00", "etc", "passwd", "proc/self/root", "…", "․", "／", "\u{202e}", "é", "e\u{301}", "C:", "file://", "*", "?", "[[", "]]", ",",
      "\u{7f}", "\u{ff0e}",
    ]
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let name = (0..<Int.random(in: 1...5, using: &random)).map { _ in parts.randomElement(using: &random)! }.joined()
      guard reason(name) == nil else { continue }
      #expect(name == "cat.png", "\(name.debugDescription)")
    }
  }
}
