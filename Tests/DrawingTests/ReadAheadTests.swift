import Glibc
import Testing

@testable import Drawing

/// A font file that is on the disk, but not in memory.
private struct ColdFile: ~Copyable {
  let folder: String
  let path: String
  let size: Int

  init(named name: String, size: Int) {
    var template = Array("/var/tmp/fakeai-images-fonts-XXXXXX".utf8CString)
    unsafe mkdtemp(&template)
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    path = "\(folder)/\(name)"
    self.size = size
    let bytes = [UInt8](repeating: 1, count: size)
    let descriptor = unsafe open(path, O_RDWR | O_CREAT, 0o600)
    unsafe write(descriptor, bytes, size)
    fsync(descriptor)
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    close(descriptor)
  }

  deinit {
    unlink(path)
    rmdir(folder)
  }

  /// The number of its pages in memory.
  var share: Double {
    let descriptor = unsafe open(path, O_RDONLY)
    defer { close(descriptor) }
    guard let pages = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), unsafe pages != MAP_FAILED else { return .nan }
    defer { unsafe munmap(pages, size) }
    var states = [UInt8](repeating: 0, count: (size + 4095) / 4096)
    unsafe mincore(pages, size, &states)
    return Double(states.count { $0 & 1 == 1 }) / Double(states.count)
  }
}

@Suite(.serialized, .timeLimit(.minutes(5))) struct ReadAheadTests {
  /// A file system in memory cannot be used.
  private static let hasDisk = ColdFile(named: "probe", size: 1 << 20).share == 0

  @Test(
    .enabled(if: hasDisk, "files are on no disk"), arguments: ["NotoColorEmoji.ttf", "NotoSansCJK-Regular.ttc", "NotoSansThai-Regular.ttf"])
  func `all of a fallback font is read, and in its time`(name: String) async throws {
    let file = ColdFile(named: name, size: 12_000_001)
    #expect(file.share == 0)
    // Linux takes the request as advice and sometimes reads only a part, so the test repeats it.
    repeat {
      FontStack.readAhead(in: ["/nowhere", file.folder])
      try await Task.sleep(for: .milliseconds(50))
    } while file.share < 1
  }

  @Test(.enabled(if: hasDisk, "files are on no disk")) func `other files are left alone`() {
    let file = ColdFile(named: "Other-Regular.ttf", size: 1 << 20)
    FontStack.readAhead(in: [file.folder])
    #expect(file.share == 0)
  }
}
