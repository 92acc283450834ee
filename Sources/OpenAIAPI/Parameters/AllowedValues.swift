import Drawing
import ImageGeneration

/// The values that parameters can have for every model: those that depend on the model are in ``ModelRules``.
enum AllowedValues {
  /// The number of images per request, for models without a limit of their own.
  static let counts = 1...10
  /// In percent of the best quality.
  static let compression = 0...100
  /// Per image of a stream.
  static let partialImages = 0...3
  /// Of an animation.
  static let frameCount = 2...16
  /// In milliseconds, of each frame.
  static let frameDuration = 1...Int(Int32.max)

  static let motions = Motion.allCases.map(\.rawValue)
  static let patterns = Pattern.allCases.map(\.rawValue)
  static let styles = Style.allCases.map(\.rawValue)
  static let backgrounds = ["transparent", "opaque", "auto"]
  static let moderations = ["auto", "low"]
  static let complexities = ["low", "medium", "high"]
  static let fidelities = ["high", "low"]
  static let efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]
  static let upscaleFormats = ["png", "jpeg", "webp"]
  static let responseFormats = ResponseFormat.allCases.map(\.rawValue)
}
