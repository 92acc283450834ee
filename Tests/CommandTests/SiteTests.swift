import SystemPackage
import Testing

@testable import fakeai_images

@Suite struct SiteTests {
  @Test func `each literal gives way to its value, everywhere`() throws {
    let template = SiteTemplate(name: "site", text: "listen 80; root /a; include /a/b;")
    #expect(try template.replacing([("listen 80;", "listen 8000;"), ("/a", "/c")]) == "listen 8000; root /c; include /c/b;")
  }

  @Test func `a literal that does not occur is an error that names file and literal`() {
    let failure = #expect(throws: CommandFailure.self) {
      try SiteTemplate(name: "/x/site.conf", text: "listen 81;").replacing([("listen 80;", "listen 8000;")])
    }
    #expect(failure?.line == #"/x/site.conf does not contain "listen 80;""#)
  }

  @Test func `the site of this source tree can be put at another place`() throws {
    let site = try SiteDirectory.find(given: nil)
    let configuration = NginxConfiguration(
      directory: "/tmp/x", site: site, listen: ["[::1]:8000", "[::]:80"], socket: "worker.sock", accessLog: nil)
    let texts = try configuration.siteTexts()
    let text = try #require(texts["fakeai-images.conf"])
    #expect(text.contains("  listen [::1]:8000 rcvbuf=256k;\n  listen [::]:80 rcvbuf=256k ipv6only=off;\n"))
    #expect(text.components(of: "unix:worker.sock;") == 2)
    #expect(text.contains("  root www;"))
    #expect(text.contains("  access_log off;\n"))
    #expect(text.contains("include fakeai-images-server.conf;"))
    #expect(texts["fakeai-images-server.conf"]?.contains("include fakeai-images-fastcgi.conf;") == true)
    for line in texts.values.joined().split(separator: "\n") where !line.drop(while: \.isWhitespace).hasPrefix("#") {
      #expect(!line.contains("/usr/") && !line.contains("/run/") && !line.contains("/var/"), "\(line)")
    }
  }

  @Test func `the insiders are in the list of the site, each once`() throws {
    let insiders = ["10.0.0.0/8", "fd00::/8", "127.0.0.1", "::ffff:10.0.0.0/104"].map { Network($0)! }
    let configuration = NginxConfiguration(
      directory: "/tmp/x", site: try SiteDirectory.find(given: nil), listen: ["8000"], socket: "worker.sock", accessLog: nil,
      insiders: insiders)
    let text = try #require(try configuration.siteTexts()["fakeai-images.conf"])
    let list = try #require(text.firstMatch(of: /geo \$fakeai_insider \{\n([^}]*)\}/)).1
    #expect(
      list.split(separator: "\n").filter { $0.hasSuffix("yes;") } == [
        "  127.0.0.1 yes;", "  ::1 yes;", "  10.0.0.0/8 yes;", "  fd00::/8 yes;",
      ])
  }

  @Test func `beside an installed program, then in the source tree around it, then where packages install it`() throws {
    let beside: FilePath = "/opt/fakeai/share/fakeai-images/nginx"
    let tree: FilePath = "/opt/nginx"
    let places: Set<FilePath> = [beside, tree, SiteDirectory.installed]
    let executable: FilePath = "/opt/fakeai/bin/fakeai-images"
    func found(in places: Set<FilePath>) throws -> FilePath {
      try SiteDirectory.find(given: nil, executable: executable) { places.contains($0) }.path
    }
    #expect(try found(in: places) == beside)
    #expect(try found(in: places.subtracting([beside])) == tree)
    #expect(try found(in: [SiteDirectory.installed]) == SiteDirectory.installed)
    #expect(throws: CommandFailure.self) { try found(in: []) }
  }

  @Test func `the place that was named is the only one`() {
    let failure = #expect(throws: CommandFailure.self) { try SiteDirectory.find(given: "/nowhere") }
    #expect(failure?.line == "there is no fakeai-images.conf in /nowhere; set the directory with --nginx-directory")
  }
}

extension String {
  /// How often another text occurs in this one.
  fileprivate func components(of other: String) -> Int { split(separator: other, omittingEmptySubsequences: false).count - 1 }
}
