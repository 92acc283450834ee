import FastCGI
import Foundation
import Glibc
import ImageCoding
import Logging
import Pictures
@testable import OpenAIAPI

/// A service with a directory of pictures: `a.png` to `d.png` of 256x256 pixels, and `clear.png`, which has an alpha channel.
final class PicturesFixture: Sendable {
  let directory: String
  let fixture: ServiceFixture
  /// Pixels of each file.
  private let pixels: [String: [UInt8]]

  init(isDeferred: Bool = false, logger: Logger = Logger(label: "test")) throws {
    directory = FileManager.default.temporaryDirectory.path + "/fakeai-test-shown-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    var pixels: [String: [UInt8]] = [:]
    for (number, name) in ["a.png", "b.png", "c.png", "d.png", "clear.png"].enumerated() {
      let file = try Self.png(number, hasAlpha: name == "clear.png")
      try Data(file).write(to: URL(filePath: directory + "/" + name))
      pixels[name] = try ImageDecoder.decode(file.span).pixels
    }
    self.pixels = pixels
    fixture = try ServiceFixture(
      configuration: .init(workerName: "7-42", pictures: PictureLibrary(directory: directory)), size: 16 << 20, logger: logger,
      isDeferred: isDeferred)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  private static func png(_ number: Int, hasAlpha: Bool) throws -> [UInt8] {
    let channels = hasAlpha ? 4 : 3
    var rows: [UInt8] = []
    for y in 0..<256 {
      rows.append(0)
      for x in 0..<256 * channels {
        let value: Int = (x &* (number + 3)) ^ (y &* (number + 5))
        rows.append(UInt8(truncatingIfNeeded: value))
      }
    }
    var encoder = PNGEncoder()
    return try encoder.encode(rows.span, width: 256, height: 256, hasAlpha: hasAlpha)
  }

  /// The files that a response shows: `drawn` for an image that is none of them.
  func shown(_ response: Response) -> [String] {
    let inline = response.text.matches(of: /"(?:b64_json|result|partial_image_b64)": ?"([^"]+)"/).map {
      Array(Data(base64Encoded: String($0.output.1)) ?? Data())
    }
    let stored = response.text.matches(of: /"url": ?"[^"]*(\/images\/[^"]*)"/).map { fixture.get(String($0.output.1)).body }
    return (inline + stored).map(name)
  }

  private func name(_ file: [UInt8]) -> String {
    guard let image = try? ImageDecoder.decode(file.span) else { return "no image" }
    return pixels.first { $0.value == image.pixels }?.key ?? "drawn"
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

  func remove(_ name: String) { unlink(directory + "/" + name) }
}
