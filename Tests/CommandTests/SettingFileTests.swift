import Glibc
import SystemCalls
import SystemPackage
import Testing

@testable import fakeai_images

/// A setting may name anything that a path can lead to; reading it must neither wait nor go on for ever.
@Suite(.timeLimit(.minutes(5))) final class SettingFileTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory(in: "/tmp") }

  private func read(_ path: FilePath, limit: Int = 100) throws -> String {
    String(decoding: try SettingFile.read(path.string, limit: limit), as: UTF8.self)
  }

  private func refusal(of path: FilePath) -> String? {
    do {
      _ = try SettingFile.read(path.string, limit: 100)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func `a pipe, a socket, a device or a directory is refused at once`() throws {
    let pipe = directory.path.appending("pipe")
    try systemCall { mkfifo(pipe.string, 0o600) }
    _ = try ListeningSocket(unixPath: directory.path.appending("socket"))
    for path in [pipe, directory.path, "/dev/zero", "/dev/null"] as [FilePath] {
      #expect(refusal(of: path) == "it is not a regular file")
      #expect(!SettingFile.isReadable(path.string))
    }
    #expect(refusal(of: directory.path.appending("socket")) == "No such device or address")
    #expect(!SettingFile.isReadable(directory.path.appending("socket").string))
  }

  @Test func `a link is followed, and what it leads to is judged`() throws {
    let link = directory.path.appending("link")
    let file = try directory.write("text", to: "file")
    for (target, isReadable) in [(file.string, true), ("/dev/zero", false), ("/nonexistent", false), (link.string, false)] {
      unlink(link.string)
      try systemCall { symlink(target, link.string) }
      #expect(SettingFile.isReadable(link.string) == isReadable)
      #expect((refusal(of: link) == nil) == isReadable)
    }
  }

  @Test func `no more is read than tells that a file is too large`() throws {
    let file = try directory.write(String(repeating: "x", count: 3_000_000), to: "file")
    #expect(try read(file).count == 101)
    #expect(try read(file, limit: 3_000_000).count == 3_000_000)
    #expect(try read(try directory.write("", to: "empty")) == "")
  }

  @Test func `a file that is not there is an error in words`() {
    #expect(refusal(of: "/nonexistent") == "No such file or directory")
  }
}
