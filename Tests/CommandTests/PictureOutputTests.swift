import SystemPackage
import Testing

@testable import fakeai_images

@Suite struct PictureOutputTests {
  @Test(arguments: [
    ("lake.png", 1, ["lake.png"]),
    ("lake.png", 3, ["lake-1.png", "lake-2.png", "lake-3.png"]),
    ("out/a.b.png", 2, ["out/a.b-1.png", "out/a.b-2.png"]),
    ("lake", 2, ["lake-1", "lake-2"]),
    ("lake.png", 10, (1...10).map { "lake-\($0).png" }),
    ("lake.png", 11, (1...9).map { "lake-0\($0).png" } + ["lake-10.png", "lake-11.png"]),
  ])
  func `several pictures are numbered before the extension`(_ name: String, _ count: Int, _ paths: [String]) throws {
    let outputs = try PictureOutput.outputs(named: name, count: count, terminal: true)
    #expect(outputs == paths.map { .file(.init($0)) })
  }

  @Test func `standard output takes one picture`() throws {
    #expect(try PictureOutput.outputs(named: "-", count: 1, terminal: false) == [.standardOutput])
    #expect(throws: CommandFailure.self) { try PictureOutput.outputs(named: "-", count: 2, terminal: false) }
  }

  @Test func `a terminal is not written to`() {
    #expect(throws: CommandFailure.self) { try PictureOutput.outputs(named: "-", count: 1, terminal: true) }
  }
}
