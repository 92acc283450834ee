import Drawing
import ImageCoding
import JSON

/// The reusable resources of drawing: the canvases, the text renderer, the compressor's buffers.
///
/// The canvas for usual sizes is kept permanently. PNG takes an image in bands and needs no other. Larger images in other formats use a
/// large canvas. It is kept while more of them are requested, so that the images of one request share it, and is freed when an image of
/// another kind is drawn.
struct RenderContext: ~Copyable {
  /// The current canvas.
  private var canvas = Canvas(size: PictureSize(width: 1024, height: 1024)!)
  /// The usual canvas while a large one is current.
  private var spareCanvas = Canvas(size: Self.hardlyAny)
  /// Whether the current canvas is a large one.
  private var hasLarge = false
  /// As large as the last transparent image; most processes never need it.
  private var transparentCanvas = TransparentCanvas()
  private var encoder = PNGEncoder()
  private let textRenderer: TextRenderer
  /// What is kept of templates.
  private let templates = TemplateCache()
  /// Allocations of canvases that have been freed.
  private var pastAllocations = 0

  init(textRenderer: sending TextRenderer) { self.textRenderer = textRenderer }

  /// Number of memory allocations for opaque images.
  var allocationCount: Int { pastAllocations + canvas.allocationCount + spareCanvas.allocationCount }

  /// Bytes of all canvases.
  var byteCount: Int { canvas.capacity + spareCanvas.capacity + transparentCanvas.capacity }

  mutating func create(_ placeholder: Placeholder, as encoding: Encoding) throws -> [UInt8] {
    let (size, isTransparent) = (placeholder.description.size, placeholder.description.isTransparent)
    let inBands = encoding.format == .png && !isTransparent && placeholder.isDrawnInBands
    prepare(for: size, isTransparent: isTransparent, inBands: inBands)
    if encoding.hasFrames {
      return try createFrames(placeholder.description, as: encoding) { moment, context in
        var placeholder = placeholder
        placeholder.frame = moment
        context.draw(placeholder)
      }
    }
    switch encoding.format {
    case .svg: return Array(placeholder.svg(about: placeholder.description.json.compact, with: textRenderer).utf8)
    default:
      if inBands { return try createPNG(placeholder) }
      draw(placeholder)
      guard isTransparent else { return try encode(encoding, about: placeholder.description) }
      return try encodeTransparent(encoding, about: placeholder.description)
    }
  }

  private mutating func draw(_ placeholder: Placeholder) {
    if placeholder.description.isTransparent {
      placeholder.draw(on: &transparentCanvas, with: textRenderer)
    } else {
      placeholder.draw(on: &canvas, with: textRenderer)
    }
  }

  /// Draws and encodes band by band.
  private mutating func createPNG(_ placeholder: Placeholder) throws -> [UInt8] {
    let size = placeholder.description.size
    try encoder.begin(
      width: size.width, height: size.height, filter: placeholder.changesFromRowToRow ? .up : .none,
      texts: [PNGText(about: placeholder.description)])
    try placeholder.draw(on: &canvas, with: textRenderer) { rows, repeated in try encoder.add(rows, repeated: repeated) }
    return try encoder.finish()
  }

  mutating func create(_ sheet: ContactSheet) throws -> [UInt8] {
    prepare(for: sheet.size)
    sheet.draw(on: &canvas, with: textRenderer)
    return try canvas.withRows { rows in try encoder.encode(rows, width: sheet.size.width, height: sheet.size.height) }
  }

  /// Draws an edit or a variation: always opaque, because the models return opaque images for photographs.
  mutating func create(
    _ description: PictureDescription, as encoding: Encoding, draw: @Sendable (AnimationFrame?, inout Canvas, TextRenderer) -> Void
  ) throws -> [UInt8] {
    prepare(for: description.size)
    if encoding.hasFrames {
      return try createFrames(description, as: encoding) { moment, context in draw(moment, &context.canvas, context.textRenderer) }
    }
    draw(nil, &canvas, textRenderer)
    guard encoding.format == .svg else { return try encode(encoding, about: description) }
    return SVGImage.wrap(try encode(.png, about: description), about: description)
  }

  /// Selects the canvas for an image, and frees one that is larger than it needs.
  ///
  /// - Parameter inBands: whether the canvas never holds more than a band.
  private mutating func prepare(for size: PictureSize, isTransparent: Bool = false, inBands: Bool = false) {
    let needsLarge = !Self.isUsual(size) && !isTransparent && !inBands
    if needsLarge != hasLarge { swap(&canvas, &spareCanvas) }
    defer { hasLarge = needsLarge }
    if hasLarge, !needsLarge {
      pastAllocations += spareCanvas.allocationCount
      spareCanvas = Canvas(size: Self.hardlyAny)
    }
    if Self.isUsual(size) || !isTransparent, !Self.isUsual(transparentCanvas.size) { transparentCanvas = TransparentCanvas() }
  }

  /// This includes every standard size of every model.
  private static func isUsual(_ size: PictureSize) -> Bool { size.width * size.height <= 2048 * 2048 }

  private static let hardlyAny = PictureSize(width: 1, height: 1)!

  /// Encodes the content of the canvas.
  private mutating func encode(_ encoding: Encoding, about description: PictureDescription) throws -> [UInt8] {
    try canvas.withRows { rows in try encoder.encode(rows, canvas.size, as: encoding, about: description) }
  }

  private mutating func encodeTransparent(_ encoding: Encoding, about description: PictureDescription) throws -> [UInt8] {
    try transparentCanvas.withRows { rows in
      try encoder.encode(rows, transparentCanvas.size, hasAlpha: true, as: encoding, about: description)
    }
  }

  /// Scales a picture to the description's size. It needs no canvas.
  mutating func create(_ description: PictureDescription, as encoding: Encoding, scaling upload: Upload) throws -> [UInt8] {
    let (size, hasAlpha) = (description.size, !upload.isOpaque && encoding.format.hasAlpha)
    let rows = upload.scaledRows(width: size.width, height: size.height, hasAlpha: hasAlpha)
    return try create(description, as: encoding, of: rows, hasAlpha: hasAlpha)
  }

  /// Encodes rows that come from elsewhere. They need no canvas.
  ///
  /// - Parameter rows: of the description's size. Each begins with PNG's filter byte (0, None).
  mutating func create(
    _ description: PictureDescription, as encoding: Encoding, of rows: [UInt8], hasAlpha: Bool
  ) throws -> [UInt8] {
    prepare(for: Self.hardlyAny)
    let size = description.size
    var description = description
    description.isTransparent = hasAlpha
    switch encoding.format {
    case .gif:
      var gif = try GIFEncoder(of: description, encoding.animation)
      for _ in encoding.moments { try gif.add(rows.span) }
      return gif.finish()
    case .svg:
      return SVGImage.wrap(try encoder.encode(rows.span, size, hasAlpha: hasAlpha, as: .png, about: description), about: description)
    // Nothing moves, so WebP needs no frames.
    case .png, .jpeg, .webp: return try encoder.encode(rows.span, size, hasAlpha: hasAlpha, as: encoding, about: description)
    }
  }

  /// Draws and encodes the frames of a GIF or of an animation.
  ///
  /// - Parameter draw: draws the canvas that the description needs.
  private mutating func createFrames(
    _ description: PictureDescription, as encoding: Encoding, draw: (AnimationFrame?, inout RenderContext) -> Void
  ) throws -> [UInt8] {
    guard encoding.format == .webp, let animation = encoding.animation else {
      return try createFrames(description, encoding.moments, by: GIFEncoder(of: description, encoding.animation), draw)
    }
    let encoder = try WebPAnimationEncoder(of: description, animation, quality: encoding.compression)
    return try createFrames(description, encoding.moments, by: encoder, draw)
  }

  private mutating func createFrames<Encoder: FrameEncoder & ~Copyable>(
    _ description: PictureDescription, _ moments: [AnimationFrame?], by encoder: consuming Encoder,
    _ draw: (AnimationFrame?, inout RenderContext) -> Void
  ) throws -> [UInt8] {
    var encoder = encoder
    for moment in moments {
      draw(moment, &self)
      if description.isTransparent {
        try transparentCanvas.withRows { rows in try encoder.add(rows) }
      } else {
        try canvas.withRows { rows in try encoder.add(rows) }
      }
    }
    return try encoder.finish()
  }
}

extension RenderContext {
  /// Draws and encodes a picture by a template. SVG contains it as PNG.
  mutating func create(_ picture: TemplatePicture, as encoding: Encoding) throws -> [UInt8] {
    let description = picture.placeholder.description
    prepare(for: description.size, isTransparent: description.isTransparent)
    if encoding.hasFrames {
      return try createFrames(description, as: encoding) { moment, context in
        var picture = picture
        picture.frame = moment
        context.draw(picture)
      }
    }
    guard encoding.format == .svg else { return try drawAndEncode(picture, encoding) }
    return SVGImage.wrap(try drawAndEncode(picture, .png), about: description)
  }

  private mutating func draw(_ picture: TemplatePicture) {
    if picture.placeholder.description.isTransparent {
      picture.draw(on: &transparentCanvas, with: textRenderer, templates)
    } else {
      picture.draw(on: &canvas, with: textRenderer, templates)
    }
  }

  private mutating func drawAndEncode(_ picture: TemplatePicture, _ encoding: Encoding) throws -> [UInt8] {
    let (description, size) = (picture.placeholder.description, picture.placeholder.description.size)
    guard encoding.format == .png, !description.isTransparent else {
      draw(picture)
      return try description.isTransparent ? encodeTransparent(encoding, about: description) : encode(encoding, about: description)
    }
    let repeated = picture.draw(on: &canvas, with: textRenderer, templates, leavesOutRepeated: true)
    try encoder.begin(
      width: size.width, height: size.height, filter: picture.changesFromRowToRow ? .up : .none, texts: [PNGText(about: description)])
    try canvas.withRows { rows in try encoder.add(rows, repeated: repeated) }
    return try encoder.finish()
  }
}

extension PNGEncoder {
  /// Encodes rows as PNG, JPEG or WebP. Only PNG uses the encoder's buffers.
  ///
  /// - Parameters:
  ///   - rows: each begins with PNG's filter byte (0, None).
  ///   - hasAlpha: whether a pixel has four bytes and not three; never for JPEG.
  fileprivate mutating func encode(
    _ rows: Span<UInt8>, _ size: PictureSize, hasAlpha: Bool = false, as encoding: Encoding, about description: PictureDescription
  ) throws -> [UInt8] {
    let (width, height) = (size.width, size.height)
    return switch encoding.format {
    case .jpeg:
      try JPEGEncoder.encode(
        rows, width: width, height: height, quality: encoding.compression, comment: description.json(inBytes: JPEGEncoder.longestComment))
    case .webp:
      try WebPEncoder.encode(
        rows, width: width, height: height, hasAlpha: hasAlpha, quality: encoding.compression, metadata: description.xmp)
    default: try encode(rows, width: width, height: height, hasAlpha: hasAlpha, texts: [PNGText(about: description)])
    }
  }
}

extension GIFEncoder {
  fileprivate init(of description: PictureDescription, _ animation: Encoding.Animation?) throws(EncodingFailure) {
    try self.init(
      width: description.size.width, height: description.size.height, hasAlpha: description.isTransparent,
      frameDelay: animation.map { $0.frameDuration / 10 }, comment: description.json.compact)
  }
}

extension WebPAnimationEncoder {
  fileprivate init(of description: PictureDescription, _ animation: Encoding.Animation, quality: Int) throws(EncodingFailure) {
    try self.init(
      width: description.size.width, height: description.size.height, hasAlpha: description.isTransparent, quality: quality,
      frameDuration: animation.frameDuration, metadata: description.xmp)
  }
}

extension Encoding {
  /// Whether the file is made of frames: an animation, or a GIF of one.
  fileprivate var hasFrames: Bool { format == .gif || format == .webp && animation != nil }

  /// One per frame; a single nil for a still image.
  fileprivate var moments: [AnimationFrame?] {
    guard let animation else { return [nil] }
    return (0..<animation.frameCount).map { AnimationFrame(frame: $0, of: animation.frameCount, animation.motion) }
  }
}

extension PictureDescription {
  fileprivate var xmp: String { XMPPacket.describing(json.compact) }
}

extension PNGText {
  /// The description that is embedded in an image.
  fileprivate init(about description: PictureDescription) { self.init(keyword: "fakeai", text: description.json.compact) }
}
