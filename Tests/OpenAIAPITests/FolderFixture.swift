import FastCGI
import Foundation
import Glibc

@testable import OpenAIAPI

/// A service with a directory of files, of which requests and rules choose some for their images.
protocol FolderFixture {
  var directory: String { get }
  var fixture: ServiceFixture { get }
}

extension FolderFixture {
  /// Makes an empty directory of a test's own, which the fixture removes.
  static func makeDirectory() throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/fakeai-test-folder-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  func removeDirectory() { try? FileManager.default.removeItem(atPath: directory) }

  func write(_ bytes: some Sequence<UInt8>, as name: String) throws { try Data(bytes).write(to: URL(filePath: directory + "/" + name)) }

  func write(_ text: String, as name: String) throws { try write(text.utf8, as: name) }

  func remove(_ name: String) { unlink(directory + "/" + name) }

  /// The images of a response: those in it, and then those at its URLs.
  func files(_ response: Response) -> [[UInt8]] {
    let inline = response.text.matches(of: /"(?:b64_json|result|partial_image_b64)": ?"([^"]+)"/).map {
      Array(Data(base64Encoded: String($0.output.1)) ?? Data())
    }
    return inline + response.text.matches(of: /"url": ?"[^"]*(\/images\/[^"]*)"/).map { fixture.get(String($0.output.1)).body }
  }

  func generate(
    _ members: String = "", prompt: String = "A lake", format: String = "b64_json", headers: [String: String] = [:]
  ) -> Response {
    fixture.generate(
      #"{"prompt":"\#(prompt)","model":"dall-e-2","size":"256x256","response_format":"\#(format)"\#(members)}"#, headers)
  }

  func put(_ rules: String) -> Response {
    fixture.send(Request(method: "PUT", path: "/_fakeai/rules", body: .whole(Array(rules.utf8))))
  }
}
