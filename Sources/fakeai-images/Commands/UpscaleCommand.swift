import ArgumentParser
import Drawing
import ImageGeneration
import SystemPackage

struct UpscaleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upscale",
    abstract: "Enlarge an image in a file, without a server.",
    discussion: """
      The image keeps its proportions. Lanczos' filter keeps its edges sharp, but does not invent details.

        fakeai-images upscale lake.png -o large.png
        fakeai-images upscale lake.png --scale 3 -o large.webp
        fakeai-images upscale lake.jpg --size 2048x2048 --compression 80 -o large.jpg
        fakeai-images generate "a lake" -o - | fakeai-images upscale - -o - | display

      The extension of the file name sets the format; --output-format overrides it. An existing file is overwritten.
      """)

  @Argument(help: "PNG, JPEG or WebP file, or - for standard input.", completion: .file())
  var input: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("File to write, or - for standard output.", valueName: "path"), completion: .file())
  var output: String

  @Option(help: ArgumentHelp("How many times as wide and high, 2 to 4. (default: 2)", valueName: "number"))
  var scale: String?

  @Option(help: ArgumentHelp("WIDTHxHEIGHT in pixels, in place of --scale.", valueName: "size"))
  var size: String?

  @OptionGroup(title: "Format") var encoding: EncodingOptions

  func run() throws {
    let (enlargement, encoding) = (try enlargement(), try pictureEncoding())
    let target = try PictureOutput.outputs(named: output, count: 1)[0]
    let file = try InputFile.bytes(ofFile: input, limit: Self.largestFile)
    try target.write(enlarged(file, by: enlargement, encoding))
  }

  /// Bytes of a file: as many as the server takes of a request.
  private static let largestFile = 52 << 20

  func enlargement() throws(CommandFailure) -> Enlargement {
    guard scale == nil || size == nil else { throw .usage("--scale and --size exclude each other; use one of them") }
    if let size = try SettingSyntax.upscaledSize.value(of: "--size", size) { return .size(size) }
    return .factor(try SettingSyntax.number(Enlargement.factors).value(of: "--scale", scale) ?? 2)
  }

  private func pictureEncoding() throws(CommandFailure) -> Encoding {
    let encoding = try encoding.encoding(forFile: output == "-" ? nil : output)
    guard encoding.animation == nil else { throw .usage("--frames applies to generate only; an enlarged image does not move") }
    return encoding
  }

  private func enlarged(_ file: [UInt8], by enlargement: Enlargement, _ encoding: Encoding) throws(CommandFailure) -> [UInt8] {
    do throws(ImageGenerationError) {
      return try ImageRenderer().upscale(file, by: enlargement, encoding: encoding)
    } catch {
      let name = input == "-" ? "standard input" : input
      switch error {
      case .unusableUpload(_, let reason): throw CommandFailure("\(name) is not usable: \(reason)")
      case .invalidArgument("image", let value, let allowed): throw CommandFailure("\(name) has \(value) pixels; allowed: \(allowed)")
      case .invalidArgument(let name, let value, let allowed): throw .usage("--\(name) is \(value); allowed: \(allowed)")
      default: throw CommandFailure("\(error)")
      }
    }
  }
}
