public import Drawing
package import ImageCoding

/// What to draw, apart from what becomes of the images: the images of one request, which differ in colour or pattern.
///
/// Equal jobs give equal images, except for the time in the watermark.
public struct ImageJob: Sendable {
  /// What the images are drawn from.
  public enum Operation: Sendable, Hashable {
    /// Draws the prompt only.
    case generation
    /// Draws the prompt on the uploads.
    case edit
    /// Draws the first upload in other colours.
    case variation
    /// Enlarges the first upload to the size, as ``Enlargement`` says. The prompt is not drawn, and transparent pixels stay transparent.
    case upscale
  }

  /// What the images are drawn from. All but generations need ``SourceImages``.
  public var operation: Operation
  /// The text to draw, in any script for which a font is installed. Usually empty for a variation.
  public var prompt: String
  /// Any text. It appears in the watermark, and another model gives other images.
  public var model: String
  /// Width and height in pixels.
  public var size: PictureSize
  /// The amount of detail.
  public var quality: Quality
  /// The palette.
  public var style: Style
  /// Another seed gives other images for the same prompt.
  public var seed: UInt64
  /// Whether the background is transparent. Edits, variations and JPEG files are always opaque.
  public var isTransparent: Bool
  /// The file format and its parameters.
  public var encoding: Encoding
  /// The time in the watermark, in nanoseconds since 1970; nil: that of drawing. Equal jobs of one moment give equal files.
  package var moment: Int64?
  /// The pattern on the background, also in standard quality; nil for the usual one. A transparent image has it only if it has figures.
  package var pattern: Pattern?
  /// The layout of generations, and of edits and variations if it has a place for the upload; nil for the usual one.
  package var template: (layout: Template, words: TemplateWords)?

  /// A standard PNG of 1024x1024 by default.
  public init(
    _ operation: Operation = .generation, prompt: String, model: String = "dall-e-3", size: PictureSize = .square1024,
    quality: Quality = .standard, style: Style = .vivid, seed: UInt64 = 0, isTransparent: Bool = false, encoding: Encoding = .png
  ) {
    self.operation = operation
    self.prompt = prompt
    self.model = model
    self.size = size
    self.quality = quality
    self.style = style
    self.seed = seed
    self.isTransparent = isTransparent
    self.encoding = encoding
  }

  /// The description of one of the job's images.
  ///
  /// - Parameters:
  ///   - index: from 0.
  ///   - stage: how much of the image is drawn, for partial images.
  func description(_ index: Int, _ stage: RenderStage) -> PictureDescription {
    var description = PictureDescription(
      prompt: prompt, model: model, size: size, quality: quality, style: style, index: index, seed: seed,
      isTransparent: isTransparent && encoding.format.hasAlpha && operation == .generation)
    description.stage = stage
    if let pattern, !description.isTransparent || pattern.hasFigures { description.pattern = pattern }
    description.template = drawnTemplate?.layout.name
    return description
  }

  /// The template, if it applies to the operation.
  var drawnTemplate: (layout: Template, words: TemplateWords)? {
    switch operation {
    case .generation: template
    case .edit, .variation: template.flatMap { $0.layout.showsUpload ? $0 : nil }
    case .upscale: nil
    }
  }
}

/// The uploads of an edit, a variation or an upscale, decoded.
public struct SourceImages: Sendable {
  package var images: [DecodedImage]
  /// Its transparent part is the part of the first image to edit.
  package var mask: DecodedImage?
  /// Drawn over the first image.
  package var markup: DecodedImage?
  /// The uploads that are left out, in the order of the request.
  package var ignored: [IgnoredUpload] = []

  package init(images: [DecodedImage] = [], mask: DecodedImage? = nil, markup: DecodedImage? = nil) {
    (self.images, self.mask, self.markup) = (images, mask, markup)
  }

  /// No uploads, for a generation.
  public static let none = SourceImages()

  /// Decodes files: PNG, JPEG or WebP. Takes milliseconds per megapixel.
  ///
  /// Large images are reduced, so that all of them together take at most 16 MiB of memory.
  ///
  /// - Parameters:
  ///   - images: 1 to 16 files.
  ///   - mask: a file with an alpha channel, of the first image's size. Transparent where that image is to be edited.
  ///   - markup: a file that is drawn over the first image.
  /// - Throws: ``ImageGenerationError/unusableUpload(_:reason:)`` for the first file that is not usable, or
  ///   ``ImageGenerationError/invalidArgument(name:value:allowed:)`` for the number of images.
  public init(images: [[UInt8]], mask: [UInt8]? = nil, markup: [UInt8]? = nil) throws(ImageGenerationError) {
    guard (1...16).contains(images.count) else {
      throw .invalidArgument(name: "images.count", value: "\(images.count)", allowed: "1 to 16")
    }
    let pixelsEach = Self.mostPixels / (images.count + [mask, markup].count { $0 != nil })
    var allowance = Self.allowance
    func decode(_ file: [UInt8], _ name: String) throws(ImageGenerationError) -> DecodedImage {
      do throws(DecodingError) {
        return try ImageDecoder.decode(file.span, toPixels: pixelsEach, allowance: &allowance)
      } catch {
        throw .unusableUpload(name, reason: error.description)
      }
    }
    self.init()
    for (index, file) in images.enumerated() { self.images.append(try decode(file, "image \(index + 1)")) }
    if let mask {
      let mask = try decode(mask, "mask")
      guard mask.hasAlpha else { throw .unusableUpload("mask", reason: "it has no alpha channel") }
      guard mask.originalSize == self.images[0].originalSize else {
        throw .unusableUpload("mask", reason: "its size differs from the first image's")
      }
      self.mask = mask
    }
    if let markup { self.markup = try decode(markup, "markup") }
  }

  /// Pixels of all uploads of one image together: as sharp as most images can show them, in a quarter of the memory of a single large
  /// upload.
  package static let mostPixels = 4 << 20

  /// The time limit for all uploads of a request: enough for sixteen photographs of 12 megapixels, which take half of it as JPEG.
  package static let allowance = DecodingAllowance(milliseconds: 3000)

  /// Bytes of all pixels.
  package var byteCount: Int { (images + [mask, markup].compactMap { $0 }).reduce(0) { $0 + $1.pixels.count } }
}

/// An upload that is left out of an image, and why.
package struct IgnoredUpload: Sendable, Equatable, CustomStringConvertible {
  /// `image 1` for the first image, `mask` or `markup`.
  package let name: String
  /// A phrase in ASCII, which begins in lower case and has no period.
  package let reason: String

  package init(_ name: String, reason: String) { (self.name, self.reason) = (name, reason) }

  /// `image 2: not a PNG, JPEG or WebP file`
  package var description: String { "\(name): \(reason)" }
}
