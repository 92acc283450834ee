import Drawing
import ImageGeneration
import OpenAIAPI

// What the options of `generate` allow: what the API's profile `fakeai` allows, by the same parsers.

extension SettingSyntax where Value == PictureSize {
  static var pictureSize: Self {
    Self(
      placeholder: "size",
      allowed: LenientSize.allowed,
      // Without a server, small images are useful too.
      parse: { LenientSize.size($0) ?? PictureSize($0) },
      text: \.description)
  }
}

extension SettingSyntax where Value == PictureSize {
  /// The size of an upscale.
  static var upscaledSize: Self {
    Self(
      placeholder: "size",
      allowed: "WIDTHxHEIGHT such as 2048x2048 with sides from 1 to \(PictureSize.maximumSide)",
      parse: { PictureSize($0) },
      text: \.description)
  }
}

extension SettingSyntax where Value == Quality {
  static var pictureQuality: Self {
    let names = QualityLevel.all.map(\.name)
    return Self(
      placeholder: "quality",
      allowed: names.joined(separator: ", "),
      parse: { QualityLevel.named($0.lowercased())?.drawn },
      text: \.rawValue,
      names: names)
  }
}

extension SettingSyntax where Value == ImageFormat {
  static var imageFormat: Self {
    let names = ImageFormat.allCases.map(\.rawValue)
    return Self(
      placeholder: "format",
      allowed: names.joined(separator: ", "),
      parse: { ImageFormat(fileExtension: $0) },
      text: \.rawValue,
      names: names)
  }
}
