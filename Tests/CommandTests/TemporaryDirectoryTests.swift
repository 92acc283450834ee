import Glibc
import Synchronization
import SystemCalls
import SystemPackage
import Testing

@testable import fakeai_images

/// What is in a directory that was left behind may be changed while it is removed, and whatever has such a name may be anything.
@Suite(.timeLimit(.minutes(5))) final class TemporaryDirectoryTests {
  private let parent: FilePath
  private let place: TemporaryDirectory

  init() throws {
    place = try TemporaryDirectory(in: "/tmp")
    parent = place.path
  }

  @Test func `a directory that is swapped for a link while it is swept costs nothing elsewhere`() throws {
    let victim = try folder("victim", files: 20)
    for _ in 0..<100 {
      let swapped = try folder("fakeai-images-pool-killed/body", files: 20)
      let swapper = try swap(swapped, for: victim)
      _ = try TemporaryDirectory(in: parent)
      swapper.stop()
      #expect(try names(in: victim).count == 20)
    }
  }

  @Test func `a directory that is swapped for a link while its owner ends costs nothing elsewhere`() throws {
    let victim = try folder("victim", files: 20)
    for _ in 0..<100 {
      let swapper: Swapper
      do {
        let directory = try TemporaryDirectory(in: parent)
        let swapped = directory.path.appending("body")
        try make(swapped, files: 20)
        swapper = try swap(swapped, for: victim)
      }
      swapper.stop()
      #expect(try names(in: victim).count == 20)
    }
  }

  @Test func `what took the place of a directory is not removed with it`() throws {
    let path: FilePath
    do {
      let directory = try TemporaryDirectory(in: parent)
      path = directory.path
      try systemCall { rename(path.string, parent.appending("moved").string) }
      try make(path, files: 3)
    }
    #expect(try names(in: path).count == 3)
    #expect(try names(in: parent.appending("moved")).isEmpty)
  }

  @Test func `links, pipes and sockets go, and what the links lead to stays`() throws {
    let victim = try folder("victim", files: 2)
    let abandoned = try folder("fakeai-images-pool-killed", files: 1)
    let kept = victim.appending("0").string
    try systemCall { symlink(victim.string, abandoned.appending("link").string) }
    try systemCall { symlink("/nonexistent", abandoned.appending("dangling").string) }
    try systemCall { link(kept, abandoned.appending("hard").string) }
    try systemCall { mkfifo(abandoned.appending("pipe").string, 0o600) }
    _ = try ListeningSocket(unixPath: abandoned.appending("worker.sock"))
    _ = try TemporaryDirectory(in: parent)
    #expect(!exists(abandoned))
    #expect(try names(in: victim).count == 2)
    #expect(access(kept, R_OK) == 0)
  }

  @Test(arguments: [0o755, 0o770, 0o777, 0o711, 0o500])
  func `a directory that others can enter, or that is not as we make it, is left alone`(
    mode: mode_t
  ) throws {
    let abandoned = try folder("fakeai-images-pool-killed", files: 1)
    try systemCall { chmod(abandoned.string, mode) }
    _ = try TemporaryDirectory(in: parent)
    #expect(try names(in: abandoned).count == 1)
    try systemCall { chmod(abandoned.string, 0o700) }
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a file away")) func `another user's directory is left alone, even by root`() throws
  {
    let abandoned = try folder("fakeai-images-pool-killed", files: 1)
    let inner = try folder("fakeai-images-pool-hosted/theirs", files: 1)
    for path in [abandoned, inner] { try systemCall { chown(path.string, 65534, 65534) } }
    _ = try TemporaryDirectory(in: parent)
    #expect(try names(in: abandoned).count == 1)
    #expect(try names(in: inner).count == 1)
    for path in [abandoned, inner] { try systemCall { chown(path.string, 0, 0) } }
  }

  @Test func `a file or a link of such a name is left alone`() throws {
    let victim = try folder("victim", files: 2)
    let file = parent.appending("fakeai-images-pool-a-file")
    let link = parent.appending("fakeai-images-pool-a-link")
    try touch(file)
    try systemCall { symlink(victim.string, link.string) }
    _ = try TemporaryDirectory(in: parent)
    #expect(exists(file) && exists(link))
    #expect(try names(in: victim).count == 2)
  }

  @Test(.enabled(if: geteuid() == 0, "only root can mount")) func `another file system is not swept`() throws {
    let mounted = try folder("fakeai-images-pool-killed/mounted", files: 0)
    // Where even root may not, there is nothing to test.
    guard mount("none", mounted.string, "tmpfs", 0, nil) == 0 else { return }
    defer { umount2(mounted.string, CInt(MNT_DETACH)) }
    try touch(mounted.appending("file"))
    _ = try TemporaryDirectory(in: parent)
    #expect(exists(mounted.appending("file")))
  }

  @Test func `directories nested beyond reason are left, and nothing overflows`() throws {
    var path = try folder("fakeai-images-pool-killed", files: 0)
    for _ in 0..<60 { path.append("d") }
    try make(path, files: 1)
    _ = try TemporaryDirectory(in: parent)
    #expect(exists(path))
    // What one sweep leaves would otherwise outlive the test.
    for _ in 0..<60 {
      unlink(path.appending("0").string)
      rmdir(path.string)
      path.removeLastComponent()
    }
  }

  /// Has another thread swap a directory for a link to `target`, back and forth, until it is stopped.
  private func swap(_ path: FilePath, for target: FilePath) throws -> Swapper {
    let swapper = Swapper(path, link: parent.appending("link"), aside: parent.appending("aside"))
    try systemCall { symlink(target.string, swapper.link) }
    try detachThread { swapper.run() }
    while !swapper.hasBegun.load(ordering: .acquiring) { sched_yield() }
    return swapper
  }

  private final class Swapper: Sendable {
    let path, link, aside: String
    let hasBegun = Atomic(false)
    private let isOver = Atomic(false)
    private let hasEnded = Atomic(false)

    init(_ path: FilePath, link: FilePath, aside: FilePath) {
      (self.path, self.link, self.aside) = (path.string, link.string, aside.string)
    }

    func run() {
      while !isOver.load(ordering: .acquiring) {
        if rename(path, aside) == 0 {
          rename(link, path)
          hasBegun.store(true, ordering: .releasing)
          rename(path, link)
          rename(aside, path)
        } else {
          hasBegun.store(true, ordering: .releasing)
        }
      }
      hasEnded.store(true, ordering: .releasing)
    }

    /// Stops, and removes what is left of either.
    func stop() {
      isOver.store(true, ordering: .releasing)
      while !hasEnded.load(ordering: .acquiring) { sched_yield() }
      for path in [path, link] { unlink(path) }
      for path in [path, aside] {
        if let folder = try? Directory(path: FilePath(path)) { folder.removeContents(depth: 0) }
        rmdir(path)
      }
    }
  }

  private func folder(_ name: String, files: Int) throws -> FilePath {
    let path = parent.appending(name)
    try make(path, files: files)
    return path
  }

  /// Makes a directory, those above it included, with so many files in it; one that is there is kept.
  private func make(_ path: FilePath, files: Int) throws {
    var part = FilePath("/")
    for component in path.components {
      part.append(component)
      mkdir(part.string, 0o700)
    }
    for number in 0..<files { try touch(path.appending("\(number)")) }
  }

  private func touch(_ path: FilePath) throws { try systemCall { close(open(path.string, O_CREAT | O_WRONLY, 0o600)) } }

  private func exists(_ path: FilePath) -> Bool {
    var status = stat()
    return lstat(path.string, &status) == 0
  }

  private func names(in path: FilePath) throws -> [String] { try Directory(path: path).names() }
}
