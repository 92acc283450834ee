import ArgumentParser
import ImageGeneration
import SystemPackage

/// The file format of an image and its parameters.
struct EncodingOptions: ParsableArguments {
  @Option(
    name: .customLong("output-format"),
    help: ArgumentHelp(
      "png, jpeg, webp, gif or svg. (default: by the extension of the file name, otherwise png)", valueName: "format"),
    completion: .list(ImageFormat.allCases.map(\.rawValue)))
  var format: String?

  @Option(help: ArgumentHelp("Quality of jpeg and webp, from 0 (smallest file) to 100. (default: 100)", valueName: "quality"))
  var compression: Int?

  @Option(help: ArgumentHelp("Animate a gif with this number of frames, 2 to 16.", valueName: "count"))
  var frames: Int?

  @Option(help: ArgumentHelp("Duration of each frame of a gif, rounded to 10. (default: 200)", valueName: "milliseconds"))
  var frameDuration: Int?

  /// The requested encoding. Without a flag for the format, the extension of the file name decides.
  func encoding(forFile name: String) throws(CommandFailure) -> Encoding {
    let format = try imageFormat(forFile: name)
    if let compression {
      guard format.isCompressible else { throw .usage("--compression applies to jpeg and webp only; the format is \(format.rawValue)") }
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
      guard frameDuration == nil else { throw .usage("--frame-duration requires --frames") }
      return nil
    }
    guard format == .gif else { throw .usage("--frames applies to gif only; the format is \(format.rawValue)") }
    guard (2...16).contains(frames) else { throw .usage("--frames is \(frames); allowed: 2 to 16") }
    let duration = frameDuration ?? 200
    guard (10...655_350).contains(duration) else { throw .usage("--frame-duration is \(duration); allowed: 10 to 655350") }
    return Encoding.Animation(frameCount: frames, frameDuration: duration)
  }
}
