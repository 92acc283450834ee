import Drawing
import ImageCoding

/// What drawing needs and keeps: the canvases, the letters, the compressor's buffers.
struct Desk: ~Copyable {
  var canvas = Canvas(size: PictureSize(width: 1024, height: 1024)!)
  /// As large as the last transparent picture; most never need it.
  var transparentCanvas = TransparentCanvas()
  private var encoder = PNGEncoder()
  let lettering: Lettering

  init(lettering: sending Lettering) { self.lettering = lettering }

  mutating func create(_ placeholder: Placeholder, as encoding: Encoding) throws -> [UInt8] {
    switch encoding.format {
    case .gif: return try createGIF(placeholder, as: encoding)
    case .svg: return Array(placeholder.svg(about: placeholder.description.json.compact, with: lettering).utf8)
    case .png, .jpeg, .webp:
      guard placeholder.description.isTransparent else {
        placeholder.draw(on: &canvas, with: lettering)
        return try encode(encoding, about: placeholder.description)
      }
      placeholder.draw(on: &transparentCanvas, with: lettering)
      return try encodeTransparent(encoding, about: placeholder.description)
    }
  }

  mutating func create(_ sheet: ContactSheet) throws -> [UInt8] {
    sheet.draw(on: &canvas, with: lettering)
    return try canvas.withRows { rows in try encoder.encode(rows, width: sheet.size.width, height: sheet.size.height) }
  }

  /// Draws an edit or a variation: always opaque, for that is what the models answer to photographs.
  mutating func create(
    _ description: PictureDescription, as encoding: Encoding, draw: @Sendable (Moment?, inout Canvas, Lettering) -> Void
  ) throws -> [UInt8] {
    switch encoding.format {
    case .gif:
      var gif = try GIFEncoder(of: description.size, encoding.animation)
      for moment in encoding.moments {
        draw(moment, &canvas, lettering)
        try canvas.withRows { rows in try gif.add(rows) }
      }
      return gif.finish()
    case .svg:
      draw(nil, &canvas, lettering)
      return SVGImage.wrap(try encode(.png, about: description), size: description.size)
    case .png, .jpeg, .webp:
      draw(nil, &canvas, lettering)
      return try encode(encoding, about: description)
    }
  }

  /// Writes down what is on the canvas.
  private mutating func encode(_ encoding: Encoding, about description: PictureDescription) throws -> [UInt8] {
    let (width, height) = (canvas.size.width, canvas.size.height)
    return try canvas.withRows { rows in
      switch encoding.format {
      case .jpeg: try JPEGEncoder.encode(rows, width: width, height: height, quality: encoding.compression)
      case .webp: try WebPEncoder.encode(rows, width: width, height: height, quality: encoding.compression)
      default: try encoder.encode(rows, width: width, height: height, texts: [PNGText(about: description)])
      }
    }
  }

  private mutating func encodeTransparent(_ encoding: Encoding, about description: PictureDescription) throws -> [UInt8] {
    let (width, height) = (transparentCanvas.size.width, transparentCanvas.size.height)
    return try transparentCanvas.withRows { rows in
      switch encoding.format {
      case .webp: try WebPEncoder.encode(rows, width: width, height: height, hasAlpha: true, quality: encoding.compression)
      default: try encoder.encode(rows, width: width, height: height, hasAlpha: true, texts: [PNGText(about: description)])
      }
    }
  }

  private mutating func createGIF(_ placeholder: Placeholder, as encoding: Encoding) throws -> [UInt8] {
    var gif = try GIFEncoder(of: placeholder.description.size, encoding.animation)
    var placeholder = placeholder
    for moment in encoding.moments {
      placeholder.moment = moment
      if placeholder.description.isTransparent {
        placeholder.draw(on: &transparentCanvas, with: lettering)
        try transparentCanvas.withRows { rows in try gif.add(rows, hasAlpha: true) }
      } else {
        placeholder.draw(on: &canvas, with: lettering)
        try canvas.withRows { rows in try gif.add(rows) }
      }
    }
    return gif.finish()
  }
}

extension GIFEncoder {
  fileprivate init(of size: PictureSize, _ animation: Encoding.Animation?) throws(EncodingFailure) {
    try self.init(width: size.width, height: size.height, frameDelay: animation.map { $0.frameDuration / 10 })
  }
}

extension Encoding {
  /// Of each frame; one nil for a picture that stands still.
  fileprivate var moments: [Moment?] {
    guard let animation else { return [nil] }
    return (0..<animation.frameCount).map { Moment(frame: $0, of: animation.frameCount) }
  }
}

extension PNGText {
  /// What a picture says of itself.
  fileprivate init(about description: PictureDescription) { self.init(keyword: "fakeai", text: description.json.compact) }
}
