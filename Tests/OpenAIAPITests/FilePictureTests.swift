import Answers
import FastCGI
import FoundationEssentials
import ImageCoding
import JSON
import ObjectStore
import RedisTesting
import Synchronization
import SystemCalls
import Testing

@testable import OpenAIAPI

/// Files as pictures of an edit.
@Suite struct FilePictureTests {
  private static func png(grey: UInt8) throws -> [UInt8] {
    var encoder = PNGEncoder()
    let rows: [UInt8] = (0..<64).flatMap { _ in [UInt8](repeating: 0, count: 1) + [UInt8](repeating: grey, count: 3 * 64) }
    return try encoder.encode(rows.span, width: 64, height: 64)
  }

  private func add(_ content: [UInt8], to fixture: ServiceFixture) throws -> String {
    let file = FileObject(
      filename: "a.png", purpose: "vision", mediaType: "image/png", bytes: content.count, lifetime: nil, now: fixture.service.clock.now())
    return try fixture.service.fileShelf.add(file, content).wait().id
  }

  private func edit(_ members: String, _ fixture: ServiceFixture, profile: String = "fakeai") -> Response {
    let body = #"{"model": "gpt-image-1.5", "prompt": "A lake", "size": "1024x1024", \#(members)}"#
    let variables: CGIParameters = [
      "CONTENT_TYPE": "application/json", "HTTP_X_FAKEAI_PROFILE": profile, "HTTP_AUTHORIZATION": "Bearer sk-test",
    ]
    return fixture.send(Request(method: "POST", path: "/v1/images/edits", variables: variables, body: .whole(Array(body.utf8))))
  }

  private func image(_ response: Response) -> Substring? { response.text.firstMatch(of: /"b64_json": "([^"]*)"/)?.output.1 }

  @Test func `a file is shown like the same picture as a data URL`() throws {
    // A fixed time in the watermark, because a second may end between two drawings.
    let fixture = try ServiceFixture(timestamp: "2026-01-01 00:00:00")
    let (dark, light) = (try Self.png(grey: 20), try Self.png(grey: 230))
    let id = try add(dark, to: fixture)
    let byID = edit(#""images": [{"file_id": "\#(id)"}]"#, fixture)
    #expect(byID.status == 200 && byID.header("X-FakeAI-Ignored") == nil)
    for (picture, isSame) in [(dark, true), (light, false)] {
      let url = "data:image/png;base64," + Data(picture).base64EncodedString()
      let byURL = edit(#""images": [{"image_url": "\#(url)"}]"#, fixture)
      #expect((image(byURL) == image(byID)) == isSame)
    }
  }

  @Test(arguments: ["fakeai", "openai"]) func `an unknown file is 404`(profile: String) throws {
    let fixture = try ServiceFixture()
    let known = try add(Self.png(grey: 20), to: fixture)
    for members in [
      #""images": [{"file_id": "file-none"}]"#, #""images": [{"file_id": "../x"}]"#,
      #""images": [{"file_id": "\#(known)"}], "mask": {"file_id": "file-none"}"#,
    ] {
      let response = edit(members, fixture, profile: profile)
      #expect(response.status == 404 && response.text.contains("No such File object: "))
    }
  }

  @Test func `an unknown file is left out if unknown ids are invented`() throws {
    let fixture = try ServiceFixture(configuration: .init(inventsUnknownIDs: true))
    let response = edit(#""images": [{"file_id": "file-none"}]"#, fixture)
    #expect(response.status == 200 && response.header("X-FakeAI-Ignored")?.hasPrefix("image 1: ") == true)
  }

  @Test func `a file that is no picture is refused by a strict profile, and left out by others`() throws {
    let fixture = try ServiceFixture()
    let id = try add(Array("{}".utf8), to: fixture)
    let strict = edit(#""images": [{"file_id": "\#(id)"}]"#, fixture, profile: "openai")
    #expect(strict.status == 400 && strict.text.contains("\"code\": \"invalid_image_file\""))
    let lenient = edit(#""images": [{"file_id": "\#(id)"}]"#, fixture)
    #expect(lenient.status == 200 && lenient.header("X-FakeAI-Ignored")?.hasPrefix("image 1: ") == true)
  }

  /// The thread that brings an answer of the store has others to bring.
  @Test func `what follows a late answer of the store is the renderer's work`() throws {
    let fixture = try ServiceFixture(isDeferred: true)
    let inputs = ImageInputs(images: [.uploaded(id: try add(Self.png(grey: 20), to: fixture))])
    let list = Work {
      fixture.service.fileShelf.ids()
    } respond: {
      .json(.strings($0))
    }
    for work in [list, inputs.work(readingFilesOf: fixture.service) { _ in list }] {
      guard case .suspended(let start) = work.begin() else {
        Issue.record("it does not wait for the store")
        return
      }
      let next = Mutex<Work.Step?>(nil)
      start { step in next.withLock { $0 = step } }
      #expect(eventually { next.withLock { $0 != nil } })
      guard case .unfinished = next.withLock({ $0 }) else {
        Issue.record("the store's thread goes on with it")
        return
      }
    }
  }
}
