import FoundationEssentials
import Testing

@testable import fakeai_images

/// The file of settings that the package installs, read as systemd reads it.
@Suite struct EnvironmentFileTests {
  private static let lines: [Substring] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return (try! String(contentsOf: root.appending(path: "systemd/fakeai-images.env"), encoding: .utf8)).split(
      separator: "\n", omittingEmptySubsequences: false)
  }()

  @Test(arguments: Settings.table) func `each setting stands there with its default, and words before it`(_ setting: Setting) throws {
    let index = try #require(Self.lines.firstIndex { $0.hasPrefix("#\(setting.variable)=") }, "\(setting.variable) is missing")
    var settings = Settings()
    let value = Self.lines[index].drop { $0 != "=" }.dropFirst()
    #expect(value.isEmpty || setting.assign(String(value), &settings))
    #expect(settings == Settings(), "\(value) is not the default")
    let before = Self.lines[..<index].reversed().first { !$0.hasPrefix("#FAKEAI_") }
    #expect(before?.hasPrefix("# ") == true, "nothing explains \(setting.variable)")
  }

  @Test func `it names no other variable, and sets none`() {
    let named = Self.lines.filter { !$0.isEmpty && !$0.hasPrefix("# ") && $0 != "#" }.map { $0.prefix { $0 != "=" } }
    #expect(named.sorted() == Settings.table.map { "#\($0.variable)" }.sorted())
  }
}
