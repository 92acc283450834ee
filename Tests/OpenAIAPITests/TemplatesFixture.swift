import FastCGI
import ImageCoding
import Logging
import Templates

@testable import OpenAIAPI

/// A service with a directory of templates: `red`, `green`, `blue` and `white`, and two that cannot be used, `broken` and `gone`.
final class TemplatesFixture: FolderFixture, Sendable {
  let directory: String
  let fixture: ServiceFixture

  init(template: String? = nil, logger: Logger = Logger(label: "test")) throws {
    directory = try Self.makeDirectory()
    fixture = try ServiceFixture(
      configuration: .init(workerName: "7-42", templates: TemplateLibrary(directory: directory), template: template), logger: logger)
    for (name, colour) in Self.colours {
      let digits = colour.map { $0 == 0 ? "0" : "f" }.joined()
      try write(##"{"layers":[{"fill":"#\##(digits)"}]}"##, as: "\(name).json")
    }
    try write(#"{"layers": [{"fill":"blau"}]}"#, as: "broken.json")
    try write(#"{"layers": [{"image":"gone.png"}]}"#, as: "gone.json")
  }

  deinit { removeDirectory() }

  private static let colours: [(name: String, colour: [UInt8])] = [
    ("red", [255, 0, 0]), ("green", [0, 255, 0]), ("blue", [0, 0, 255]), ("white", [255, 255, 255]),
  ]

  static var png: [UInt8] {
    get throws {
      var encoder = PNGEncoder()
      return try encoder.encode([0, 9, 9, 9].span, width: 1, height: 1)
    }
  }

  func pixels(_ response: Response) -> [[UInt8]] { files(response).compactMap { try? ImageDecoder.decode($0.span).pixels } }

  /// The templates by which a response was drawn, told by the first pixel of each image.
  func shown(_ response: Response) -> [String] {
    pixels(response).map { pixels in Self.colours.first { $0.colour == Array(pixels.prefix(3)) }?.name ?? "other" }
  }
}
