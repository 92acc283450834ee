import Drawing
import Glibc
import ImageCoding
import ImageGeneration
import SystemCalls
import Testing

@testable import Pictures

@Suite struct PictureLibraryTests {
  private let folder: PictureFolder
  /// Its clock is an hour late, so that every file counts as one that nobody writes to.
  private let library: PictureLibrary
  private let size = PictureSize(width: 32, height: 16)!

  init() throws {
    folder = try PictureFolder()
    library = PictureLibrary(directory: folder.path, clock: WallClock { WallClock.system.now() + 3600_000_000_000 })
  }

  private func rows(_ name: String) throws -> [UInt8] { try library.picture(name, covering: size, keepsAlpha: true).rows }

  private func reason(_ name: String) -> String {
    do throws(PictureError) {
      _ = try library.picture(name, covering: size, keepsAlpha: true)
      return "none"
    } catch {
      return "\(error.reason)"
    }
  }

  private func picture(_ seed: Int, hasAlpha: Bool = false) -> TestPicture {
    TestPicture(width: 32, height: 16, hasAlpha: hasAlpha, seed: seed)
  }

  @Test(arguments: [false, true]) func `a file of the size is shown as it is`(hasAlpha: Bool) throws {
    let picture = picture(3, hasAlpha: hasAlpha)
    try folder.write(picture.png, as: "a.png")
    #expect(try rows("a.png") == picture.rows)
    #expect(try rows("a.png") == picture.rows, "what was kept")
  }

  @Test func `a file that changes is noticed, whatever its time says`() throws {
    for seed in 1...20 {
      try folder.write(picture(seed).png, as: "a.png")
      var old = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
      utimensat(AT_FDCWD, folder.path + "/a.png", &old, 0)
      #expect(try rows("a.png") == picture(seed).rows)
    }
  }

  @Test func `the directory can be replaced`() throws {
    try folder.write(picture(1).png, as: "a.png")
    #expect(try rows("a.png") == picture(1).rows)
    rename(folder.path, folder.outside + "/before")
    #expect(reason("a.png") == "it is not in the directory of pictures (FAKEAI_PICTURES)")
    mkdir(folder.path, 0o700)
    try folder.write(picture(2).png, as: "a.png")
    #expect(try rows("a.png") == picture(2).rows)
  }

  @Test func `what is no picture is refused with the reason, and nothing waits for it`() throws {
    mkdir(folder.path + "/folder", 0o700)
    mkfifo(folder.path + "/pipe", 0o600)
    try folder.write(Array("GIF89a".utf8), as: "a.gif")
    try folder.write(Array(picture(1).png.prefix(100)), as: "half.png")
    try folder.write([], as: "empty.png")
    let socket = try folder.socket("socket")
    defer { close(socket) }
    let large = open(folder.path + "/large.png", O_WRONLY | O_CREAT, 0o600)
    ftruncate(large, off_t(PictureFile.largest + 1))
    close(large)
    #expect(reason("folder") == "it is not a regular file")
    #expect(reason("pipe") == "it is not a regular file")
    #expect(reason("socket") == "it is not a regular file")
    #expect(reason("a.gif") == "it is a GIF file, but only PNG, JPEG and WebP files are accepted")
    #expect(reason("half.png").hasPrefix("it is a PNG file that cannot be decoded: "))
    #expect(reason("empty.png") == "it is an empty file, but only PNG, JPEG and WebP files are accepted")
    #expect(reason("large.png") == "it has 52428801 bytes; at most 52428800 are accepted")
    #expect(throws: Never.self) { try library.check("half.png") }
    for name in ["a.gif", "empty.png", "pipe", "large.png"] { #expect(throws: PictureError.self) { try library.check(name) } }
  }

  @Test func `a server without a directory says so`() {
    let none: PictureLibrary? = nil
    let error = #expect(throws: PictureError.self) { try none.check("a.png") }
    #expect(error?.description == #""a.png": the server has no directory of pictures (FAKEAI_PICTURES)"#)
  }
}
