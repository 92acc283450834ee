import ArgumentParser
import Drawing
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
  var compression: String?

  @Option(help: ArgumentHelp("Animate a gif or webp with this number of frames, 2 to 16.", valueName: "count"))
  var frames: String?

  @Option(help: ArgumentHelp("Duration of each frame, rounded to 10. (default: 200)", valueName: "milliseconds"))
  var frameDuration: String?

  @Option(
    help: ArgumentHelp(
      "What moves. drift: the pattern to the right, or the colour; rise: the pattern or the foot up; pulse: the pattern fades. "
        + "(default: drift)",
      valueName: "motion"),
    completion: .list(Motion.allCases.map(\.rawValue)))
  var motion: String?

  /// The requested encoding. Without a flag for the format, the extension of the file name decides.
  ///
  /// - Parameter name: the path of the file; nil if none was given.
  func encoding(forFile name: String?) throws(CommandFailure) -> Encoding {
    let format = try imageFormat(forFile: name)
    let compression = try SettingSyntax.integer(0...100).value(of: "--compression", compression)
    guard compression == nil || format.isCompressible else {
      throw .usage("--compression applies to jpeg and webp only; the format is \(format.rawValue)")
    }
    return Encoding(format, compression: compression ?? 100, animation: try animation(format))
  }

  private func imageFormat(forFile name: String?) throws(CommandFailure) -> ImageFormat {
    if let format = try SettingSyntax.imageFormat.value(of: "--output-format", format) { return format }
    guard let name, let suffix = FilePath(name).extension else { return .png }
    guard let format = ImageFormat(fileExtension: suffix) else {
      let allowed = (ImageFormat.allCases.map(\.fileExtension) + ["jpeg"]).map { ".\($0)" }.joined(separator: ", ")
      throw .usage("--output is \(name.debugDescription); allowed: a name ending with \(allowed), or any name with --output-format")
    }
    return format
  }

  private func animation(_ format: ImageFormat) throws(CommandFailure) -> Encoding.Animation? {
    let duration = try SettingSyntax.integer(10...655_350).value(of: "--frame-duration", frameDuration)
    let motion: Motion? = try SettingSyntax.choice("motion").value(of: "--motion", motion)
    guard let frames = try SettingSyntax.integer(2...16).value(of: "--frames", frames) else {
      guard duration == nil else { throw .usage("--frame-duration requires --frames") }
      guard motion == nil else { throw .usage("--motion requires --frames") }
      return nil
    }
    guard format == .gif || format == .webp else {
      throw .usage("--frames applies to gif and webp only; the format is \(format.rawValue)")
    }
    return Encoding.Animation(frameCount: frames, frameDuration: duration ?? 200, motion: motion ?? .drift)
  }
}
