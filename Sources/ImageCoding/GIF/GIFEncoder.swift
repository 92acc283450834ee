/// Encodes rows of pixels as a GIF file of one or more frames.
///
/// The first frame's palette, of up to 256 colours, serves later frames that look as good in it; others have one of their own. A frame of an
/// animation is the smallest rectangle around the pixels that differ from the frame before, and those in it that do not differ are
/// transparent. An animation with alpha has whole frames, each of which is erased before the next.
package struct GIFEncoder: ~Copyable {
  private let width: Int
  private let height: Int
  private let hasAlpha: Bool
  /// The duration of a frame in hundredths of a second; nil for a still picture.
  private let frameDelay: Int?
  private let comment: String
  private var file: [UInt8] = []
  private var mapper: PaletteMapper
  private var compressor = LZWCompressor()
  /// The palette at the beginning of the file, which frames without their own use.
  private var palette: Palette?
  /// The palette's index of each pixel of the latest frame.
  private var indices: IndexPlane
  /// The frame before it.
  private var shown: IndexPlane
  /// The bytes of the latest whole frame.
  private var wholeSize = 0
  /// Whether frames are written as a whole even if few pixels changed.
  private var prefersWhole = false

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - width, height: the size of every frame in pixels, each up to 65535.
  ///   - hasAlpha: whether the rows have alpha. Pixels with alpha below one half become transparent, others opaque.
  ///   - frameDelay: the duration of a frame in hundredths of a second, up to 65535; nil for a still picture. The animation repeats for
  ///     ever.
  ///   - comment: the comment in the file.
  package init(
    width: Int, height: Int, hasAlpha: Bool = false, frameDelay: Int? = nil, comment: String = ""
  ) throws(EncodingFailure) {
    guard (1...0xffff).contains(width), (1...0xffff).contains(height), (0...0xffff).contains(frameDelay ?? 0) else {
      throw EncodingFailure(reason: "GIF: no such size or delay")
    }
    (self.width, self.height, self.hasAlpha) = (width, height, hasAlpha)
    (self.frameDelay, self.comment) = (frameDelay, comment)
    mapper = PaletteMapper(leavesPlace: hasAlpha || frameDelay != nil)
    indices = IndexPlane(width: width, height: height)
    shown = IndexPlane(width: 0, height: 0)
  }

  /// Adds a frame.
  ///
  /// - Parameter rows: `height` rows of 1 + 3·`width` bytes, or 1 + 4·`width` with alpha; the first byte of each, PNG's filter byte, is
  ///   ignored.
  package mutating func add(_ rows: Span<UInt8>) throws(EncodingFailure) {
    let channels = hasAlpha ? 4 : 3
    guard rows.count == (1 + channels * width) * height else { throw EncodingFailure(reason: "GIF: rows of another size") }
    let isFirst = palette == nil
    if !isFirst {
      if shown.isEmpty { shown = IndexPlane(width: width, height: height) }
      swap(&indices, &shown)
    }
    let hasNewPalette = unsafe rows.withUnsafeBytes { bytes in
      mapper.map(unsafe RowPixels(bytes, width: width, height: height, channels: channels), to: indices)
    }
    if isFirst { begin(with: mapper.palette) }
    if isFirst || hasNewPalette || hasAlpha || prefersWhole { return appendWholeFrame() }
    let start = file.count
    let area = shown.difference(from: indices)
    shown.keep(area, of: indices, insteadOfEqual: mapper.palette.free)
    beginFrame(of: area)
    compressor.compress(shown, count: area.columns.count * area.rows.count, bits: mapper.palette.bits, to: &file)
    if file.count - start > wholeSize { chooseShorter(from: start) }
  }

  /// The whole file.
  package consuming func finish() -> [UInt8] {
    if palette == nil { begin(with: Palette([])) }
    file.append(GIFBlock.trailer)
    return file
  }

  /// Writes what comes before the first frame.
  private mutating func begin(with palette: Palette) {
    self.palette = palette
    file += GIFBlock.screen(width: width, height: height, palette)
    if frameDelay != nil { file += GIFBlock.endlessLoop }
    if !comment.isEmpty { file += GIFBlock.comment(comment) }
  }

  private mutating func appendWholeFrame() {
    let start = file.count
    beginFrame(of: FrameArea(columns: 0..<width, rows: 0..<height))
    compressor.compress(indices, count: width * height, bits: mapper.palette.bits, to: &file)
    wholeSize = file.count - start
  }

  /// Replaces the last frame, which has only what changed, by the whole one if that is shorter. It is for few patterns: transparent pixels
  /// break up strings that are equal in many rows. Later frames of them are whole from the beginning.
  private mutating func chooseShorter(from start: Int) {
    let changes = Array(file[start...])
    file.removeSubrange(start...)
    appendWholeFrame()
    prefersWhole = wholeSize <= changes.count
    if !prefersWhole { file.replaceSubrange(start..., with: changes) }
  }

  /// Writes what comes before the pixels of a frame.
  private mutating func beginFrame(of area: FrameArea) {
    let free = mapper.palette.free
    file += GIFBlock.control(delay: frameDelay ?? 0, transparent: free, isErased: hasAlpha && free != nil)
    file += GIFBlock.image(area, mapper.palette == palette ? nil : mapper.palette)
  }
}
