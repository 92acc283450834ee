import CPNG

/// The pixels of a PNG file, read by libpng's simplified interface.
struct PNGPixels {
  let width: Int
  let height: Int
  /// Red, green, blue and alpha of each pixel, not premultiplied.
  let channels: [UInt8]

  /// - Returns: nil if libpng refuses the file.
  init?(_ file: [UInt8]) {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    // libpng keeps a pointer to the file, which must not move until libpng has finished.
    let channels: [UInt8]? = file.withUnsafeBytes { file in
      guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0 else { return nil }
      image.format = UInt32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
      var channels = [UInt8](repeating: 0, count: 4 * Int(image.width) * Int(image.height))
      return png_image_finish_read(&image, nil, &channels, 0, nil) != 0 ? channels : nil
    }
    guard let channels else { return nil }
    (width, height, self.channels) = (Int(image.width), Int(image.height), channels)
  }

  /// The largest difference of a channel that does not count: FreeType's versions round the edges of glyphs differently.
  private static let channelTolerance = 16
  /// The share of pixels that may differ by more: at 256x256, 32 of them, less than any letter covers.
  private static let pixelTolerance = 1.0 / 2048

  /// Whether both look like the same picture.
  func isLike(_ other: PNGPixels) -> Bool {
    width == other.width && height == other.height
      && Double(differingPixels(from: other)) <= Double(width * height) * Self.pixelTolerance
  }

  /// The difference in words, for the report of the test.
  func difference(from other: PNGPixels) -> String {
    guard width == other.width, height == other.height else { return "\(width)x\(height) instead of \(other.width)x\(other.height)" }
    return "\(differingPixels(from: other)) of \(width * height) pixels by more than \(Self.channelTolerance)"
  }

  private func differingPixels(from other: PNGPixels) -> Int {
    guard channels != other.channels else { return 0 }
    return stride(from: 0, to: channels.count, by: 4).count { pixel in
      (pixel..<pixel + 4).contains { abs(Int(channels[$0]) - Int(other.channels[$0])) > Self.channelTolerance }
    }
  }
}
