import FastCGI
import ImageCoding
import Logging
import Pictures

@testable import OpenAIAPI

/// A service with a directory of pictures: `a.png` to `d.png` of 256x256 pixels, and `clear.png`, which has an alpha channel.
final class PicturesFixture: FolderFixture, Sendable {
  let directory: String
  let fixture: ServiceFixture
  /// Pixels of each file.
  private let pixels: [String: [UInt8]]

  init(isDeferred: Bool = false, logger: Logger = Logger(label: "test")) throws {
    directory = try Self.makeDirectory()
    var pixels: [String: [UInt8]] = [:]
    let files = try Self.names.enumerated().map { number, name in (name, try Self.png(number, hasAlpha: name == "clear.png")) }
    for (name, file) in files { pixels[name] = try ImageDecoder.decode(file.span).pixels }
    self.pixels = pixels
    fixture = try ServiceFixture(
      configuration: .init(workerName: "7-42", pictures: PictureLibrary(directory: directory)), size: 16 << 20, logger: logger,
      isDeferred: isDeferred)
    for (name, file) in files { try write(file, as: name) }
  }

  deinit { removeDirectory() }

  private static let names = ["a.png", "b.png", "c.png", "d.png", "clear.png"]

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
  func shown(_ response: Response) -> [String] { files(response).map(name) }

  private func name(_ file: [UInt8]) -> String {
    guard let image = try? ImageDecoder.decode(file.span) else { return "no image" }
    return pixels.first { $0.value == image.pixels }?.key ?? "drawn"
  }
}
