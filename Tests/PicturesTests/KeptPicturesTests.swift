import Drawing
import Glibc
import ImageCoding
import ImageGeneration
import Synchronization
import SystemCalls
import Testing

@testable import Pictures

/// What a library keeps of the files that it has read.
@Suite struct KeptPicturesTests {
  private let folder: PictureFolder
  /// Its clock is an hour late, so that every file counts as one that nobody writes to.
  private let library: PictureLibrary
  private let size = PictureSize(width: 32, height: 16)!

  init() throws {
    folder = try PictureFolder()
    library = PictureLibrary(directory: folder.path, cacheSize: 10_000, clock: WallClock { WallClock.system.now() + 3600_000_000_000 })
  }

  private func rows(_ name: String, of library: PictureLibrary? = nil) throws -> [UInt8] {
    try (library ?? self.library).picture(name, covering: size, keepsAlpha: true).rows
  }

  private func picture(_ seed: Int, hasAlpha: Bool = false) -> TestPicture {
    TestPicture(width: 32, height: 16, hasAlpha: hasAlpha, seed: seed)
  }

  @Test func `a file that is written twice in an instant is not kept after the first time`() throws {
    let current = PictureLibrary(directory: folder.path)
    for seed in 1...200 {
      let file = open(folder.path + "/a.png", O_WRONLY | O_CREAT, 0o600)
      let png = try picture(seed % 2).png
      write(file, png, png.count)
      ftruncate(file, off_t(png.count))
      close(file)
      #expect(try rows("a.png", of: current) == picture(seed % 2).rows)
    }
  }

  @Test(arguments: [(-1, 0), (0, 0), (100_000_000, 0), (100_000_001, 1)])
  func `a file that was written to in the last tenth of a second is not kept`(later: Int64, kept: Int) throws {
    try folder.write(picture(1).png, as: "a.png")
    let changed = try PictureFile("a.png", in: folder.path).identity.changed
    let library = PictureLibrary(directory: folder.path, clock: WallClock { changed + later })
    #expect(try rows("a.png", of: library) == picture(1).rows)
    #expect(library.cached.count == kept)
  }

  @Test func `what is kept has a limit, and what was not used for longest goes first`() throws {
    // 1,552 bytes each.
    for seed in 1...12 {
      try folder.write(picture(seed).png, as: "\(seed).png")
      _ = try rows("\(seed).png")
      _ = try rows("1.png")
    }
    #expect(library.cached == (6, 6 * 1552))
    var cache = PictureCache(byteLimit: 100)
    let small = TestPicture(width: 8, height: 3)
    try folder.write(small.png, as: "small.png")
    let shown = try library.picture("small.png", covering: PictureSize(width: 8, height: 3)!, keepsAlpha: true)
    func key(_ name: String) throws -> PictureCache.Key {
      PictureCache.Key(name: name, file: try PictureFile("small.png", in: folder.path).identity, size: size, keepsAlpha: true)
    }
    // 75 bytes each.
    try cache.keep(shown, as: key("a"))
    try cache.keep(shown, as: key("b"))
    let (first, second) = (cache.find(try key("a")), cache.find(try key("b")))
    #expect(first == nil && second?.rows == small.rows && cache.byteCount == 75)
    var two = PictureCache(byteLimit: 150)
    for name in ["a", "b"] { try two.keep(shown, as: key(name)) }
    _ = two.find(try key("a"))
    try two.keep(shown, as: key("c"))
    #expect(try ["a", "b", "c"].map { try two.find(key($0)) != nil } == [true, false, true])
    var tiny = PictureCache(byteLimit: 74)
    try tiny.keep(shown, as: key("a"))
    #expect(tiny.count == 0 && tiny.byteCount == 0)
  }

  @Test func `the older content of a file is not kept`() throws {
    for seed in 1...5 {
      try folder.write(picture(seed).png, as: "a.png")
      _ = try rows("a.png")
    }
    #expect(library.cached == (1, 1552))
  }

  @Test func `each size is kept by itself, with and without an alpha channel`() throws {
    try folder.write(picture(1, hasAlpha: true).png, as: "a.png")
    for _ in 0..<2 {
      for side in [8, 16] {
        for keepsAlpha in [false, true] {
          let shown = try library.picture("a.png", covering: PictureSize(width: side, height: side)!, keepsAlpha: keepsAlpha)
          #expect(shown.rows.count == side * (1 + side * (keepsAlpha ? 4 : 3)) && shown.hasAlpha == keepsAlpha)
        }
      }
    }
    #expect(library.cached.count == 4)
  }

  /// The clock is asked after a file was opened and before it is read.
  @Test func `a file that is written to meanwhile is read again, but not forever`() throws {
    let folder = folder
    let openings = Mutex(0)
    let last = try (1...4).map { try picture($0).png }
    func library(writes: Int) -> PictureLibrary {
      PictureLibrary(
        directory: folder.path,
        clock: WallClock {
          let opening = openings.withLock { count in
            count += 1
            return count
          }
          guard opening <= writes else { return 0 }
          try? folder.write(last[opening], as: "a.png")
          // The kernel's clock may not have ticked.
          var time = [timespec(tv_sec: opening, tv_nsec: 0), timespec(tv_sec: opening, tv_nsec: 0)]
          utimensat(AT_FDCWD, folder.path + "/a.png", &time, 0)
          return 0
        })
    }
    try folder.write(last[0], as: "a.png")
    #expect(try rows("a.png", of: library(writes: 2)) == picture(3).rows)
    #expect(openings.withLock { $0 } == 3)
    openings.withLock { $0 = 0 }
    let error = #expect(throws: PictureError.self) { try rows("a.png", of: library(writes: 3)) }
    #expect(error?.reason == .changing)
  }
}
