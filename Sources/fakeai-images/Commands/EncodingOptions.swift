import ArgumentParser
import ImageGeneration
import SystemPackage

/// What kind of file a picture becomes.
struct EncodingOptions: ParsableArguments {
  @Option(
    name: .customLong("output-format"),
    help: ArgumentHelp(
      "png, jpeg, webp, gif or svg, whatever the file is called. (default: by the file's extension, else png)", valueName: "format"),
    completion: .list(ImageFormat.allCases.map(\.rawValue)))
  var format: String?

  @Option(help: ArgumentHelp("Quality of jpeg and webp, 0 (fewest bytes) to 100. (default: 100)", valueName: "quality"))
  var compression: Int?

  @Option(help: ArgumentHelp("Make a gif move: how many frames, 2 to 16.", valueName: "count"))
  var frames: Int?

  @Option(help: ArgumentHelp("How long each frame of a gif is shown, rounded to 10. (default: 200)", valueName: "milliseconds"))
  var frameDuration: Int?

  /// What was asked for, the format by the extension of a file name where no flag says more.
  func encoding(forFile name: String) throws(CommandFailure) -> Encoding {
    let format = try imageFormat(forFile: name)
    if let compression {
      guard format.isCompressible else { throw .usage("--compression is for jpeg and webp, and the format is \(format.rawValue)") }
      guard (0...100).contains(compression) else { throw .usage("--compression is \(compression); allowed: 0 to 100") }
    }
    return Encoding(format, compression: compression ?? 100, animation: try animation(format))
  }

  private func imageFormat(forFile name: String) throws(CommandFailure) -> ImageFormat {
    guard let word = format else { return FilePath(name).extension.flatMap { ImageFormat(fileExtension: $0) } ?? .png }
    guard let format = ImageFormat(fileExtension: word) else {
      throw .usage("--output-format is \(word); allowed: \(ImageFormat.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return format
  }

  private func animation(_ format: ImageFormat) throws(CommandFailure) -> Encoding.Animation? {
    guard let frames else {
      guard frameDuration == nil else { throw .usage("--frame-duration goes with --frames") }
      return nil
    }
    guard format == .gif else { throw .usage("--frames is for gif, and the format is \(format.rawValue)") }
    guard (2...16).contains(frames) else { throw .usage("--frames is \(frames); allowed: 2 to 16") }
    let duration = frameDuration ?? 200
    guard (10...655_350).contains(duration) else { throw .usage("--frame-duration is \(duration); allowed: 10 to 655350") }
    return Encoding.Animation(frameCount: frames, frameDuration: duration)
  }
}
