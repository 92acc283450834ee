public import ArgumentParser
public import Drawing
import ImageGeneration

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Draw images to files, without a server.",
    discussion: """
      The same arguments draw the same image, except for the time in its watermark.

        fakeai-images generate "a lake" --size 1792x1024 --quality hd -o lake.png
        fakeai-images generate "a lake" -o - | display
        fakeai-images generate "a lake" --frames 9 -o lake.gif
        fakeai-images generate --sheet -o sheet.png

      The extension of the file name sets the format; --output-format overrides it.

      With -n 3, -o lake.png writes lake-1.png, lake-2.png and lake-3.png.
      """)

  @Argument(help: "Description of the image; it is drawn as text.")
  var prompt: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("File to write, or - for standard output.", valueName: "path"), completion: .file())
  var output = "image.png"

  @OptionGroup(title: "Format") var encoding: EncodingOptions

  @Option(help: ArgumentHelp("Width and height in pixels, each up to 3840. (default: 1024x1024)", valueName: "WxH"))
  var size: PictureSize?

  @Option(help: "standard: a single colour; hd: a gradient with a pattern. (default: standard)")
  var quality: Quality?

  @Option(help: "vivid: saturated colours; natural: earth tones. (default: vivid)")
  var style: Style?

  @Option(name: .customShort("n"), help: ArgumentHelp("Number of different images, 1 to 10.", valueName: "count"))
  var count = 1

  @Option(help: ArgumentHelp("Model name in the watermark; it also varies the image. (default: dall-e-3)", valueName: "name"))
  var model: String?

  @Option(help: ArgumentHelp("Each number draws a different image for the same prompt. (default: 0)", valueName: "number"))
  var seed: UInt64?

  @Flag(help: "Make the background transparent.")
  var transparent = false

  @Flag(help: "Draw a contact sheet of every pattern, gradient and palette instead of an image.")
  var sheet = false

  @OptionGroup(title: "Drawing") var drawing: DrawingOptions

  func validate() throws {
    guard (1...10).contains(count) else { throw ValidationError("-n is \(count); allowed: a whole number from 1 to 10") }
    if sheet {
      guard prompt == nil, count == 1 else { throw ValidationError("--sheet draws a single image; leave out the prompt and -n") }
      guard optionsOfPictures.isEmpty else {
        throw ValidationError("--sheet always looks the same; leave out \(optionsOfPictures.joined(separator: ", "))")
      }
    } else {
      guard let prompt else { throw ValidationError("the prompt is missing: give a description of the image") }
      guard !prompt.isEmpty else { throw ValidationError("the prompt is empty") }
    }
  }

  func run() throws {
    let encoding = try encoding.encoding(forFile: output)
    let format = encoding.format
    guard !sheet || format == .png else { throw CommandFailure.usage("--sheet requires the format png, not \(format.rawValue)") }
    guard !transparent || format.hasAlpha else { throw CommandFailure.usage("--transparent requires a format with alpha, not jpeg") }
    let outputs = try PictureOutput.outputs(named: output, count: count)
    let settings = try Settings(drawing)
    let renderer = try ImageRenderer(settings: settings)
    if sheet { return try outputs[0].write(renderer.createContactSheet()) }
    for (index, output) in outputs.enumerated() {
      try output.write(renderer.createImage(description(index: index), as: encoding))
    }
  }

  /// The options on the command line that change how the image of a prompt looks.
  private var optionsOfPictures: [String] {
    let options: [(name: String, isGiven: Bool)] = [
      ("--size", size != nil), ("--quality", quality != nil), ("--style", style != nil), ("--model", model != nil),
      ("--seed", seed != nil), ("--transparent", transparent),
    ]
    return options.filter(\.isGiven).map(\.name)
  }

  private func description(index: Int) -> PictureDescription {
    PictureDescription(
      prompt: prompt ?? "", model: model ?? "dall-e-3", size: size ?? .square1024, quality: quality ?? .standard, style: style ?? .vivid,
      index: index, seed: seed ?? 0, isTransparent: transparent)
  }
}

extension PictureSize: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Quality: ExpressibleByArgument {}
extension Style: ExpressibleByArgument {}
