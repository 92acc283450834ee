import CGIF

/// Encodes rows of pixels as a GIF file of one or more frames, by giflib. Each frame has its own palette of up to 256 colours.
@safe
package struct GIFEncoder: ~Copyable {
  private let file: UnsafeMutablePointer<GifFileType>
  private let sink: UnsafeMutablePointer<[UInt8]>
  private let width: Int
  private let height: Int
  /// The duration of a frame in hundredths of a second; nil for a still picture.
  private let frameDelay: Int?

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - width, height: the size of every frame in pixels, each up to 65535.
  ///   - frameDelay: the duration of a frame in hundredths of a second, up to 65535; nil for a still picture. The animation repeats for
  ///     ever.
  ///   - comment: the comment in the file, without NUL.
  package init(width: Int, height: Int, frameDelay: Int? = nil, comment: String = "") throws(EncodingFailure) {
    guard (1...0xffff).contains(width), (1...0xffff).contains(height), (0...0xffff).contains(frameDelay ?? 0) else {
      throw EncodingFailure(reason: "GIF: no such size or delay")
    }
    let sink = UnsafeMutablePointer<[UInt8]>.allocate(capacity: 1)
    unsafe sink.initialize(to: [])
    guard let file = unsafe EGifOpen(sink, Self.write, nil) else {
      unsafe Self.release(sink)
      throw EncodingFailure(reason: "GIF: no memory")
    }
    unsafe EGifSetGifVersion(file, true)
    // 8 bits per colour, background 0, and no global palette: each frame has its own.
    guard unsafe EGifPutScreenDesc(file, CInt(width), CInt(height), 8, 0, nil) == GIF_OK,
      unsafe frameDelay == nil || Self.putLoop(file), unsafe comment.isEmpty || EGifPutComment(file, comment) == GIF_OK
    else {
      unsafe EGifCloseFile(file, nil)
      unsafe Self.release(sink)
      throw EncodingFailure(reason: "GIF: screen refused")
    }
    unsafe (self.file, self.sink) = (file, sink)
    (self.width, self.height, self.frameDelay) = (width, height, frameDelay)
  }

  deinit {
    // Closing frees the file. It also writes a trailer, which nobody reads.
    unsafe EGifCloseFile(file, nil)
    unsafe Self.release(sink)
  }

  /// Adds a frame.
  ///
  /// - Parameter rows: `height` rows of 1 + 3·`width` bytes, or 1 + 4·`width` with alpha; the first byte of each, PNG's filter byte, is
  ///   ignored. Pixels with alpha below one half become transparent, others opaque.
  package mutating func add(_ rows: Span<UInt8>, hasAlpha: Bool = false) throws(EncodingFailure) {
    let image = RowPixels(rows, width: width, height: height, hasAlpha: hasAlpha)
    guard let image else { throw EncodingFailure(reason: "GIF: rows of another size") }
    let indexed = IndexedImage(image, of: rows)
    guard putControl(transparent: indexed.transparent), putColours(indexed.palette), putLines(indexed.indices) else {
      throw unsafe EncodingFailure(reason: "GIF: error \(file.pointee.Error)")
    }
  }

  /// The whole file.
  package consuming func finish() -> [UInt8] {
    // giflib writes the trailer, one byte, only when it frees the file, which `deinit` does. So it is added here.
    unsafe sink.pointee + [0x3b]
  }

  private static let write: OutputFunc = { file, bytes, count in
    guard let file = unsafe file, let sink = unsafe file.pointee.UserData else { return 0 }
    unsafe sink.assumingMemoryBound(to: [UInt8].self).pointee.append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
    return count
  }

  private static func release(_ sink: UnsafeMutablePointer<[UInt8]>) {
    unsafe sink.deinitialize(count: 1)
    unsafe sink.deallocate()
  }

  /// Writes Netscape's extension, which every browser knows: 1 and the number of repetitions, 0 for endless.
  private static func putLoop(_ file: UnsafeMutablePointer<GifFileType>) -> Bool {
    unsafe EGifPutExtensionLeader(file, CInt(APPLICATION_EXT_FUNC_CODE)) == GIF_OK
      && EGifPutExtensionBlock(file, 11, "NETSCAPE2.0") == GIF_OK
      && EGifPutExtensionBlock(file, 3, [1, 0, 0] as [UInt8]) == GIF_OK
      && EGifPutExtensionTrailer(file) == GIF_OK
  }

  private borrowing func putControl(transparent: UInt8?) -> Bool {
    var control = GraphicsControlBlock(
      DisposalMode: transparent == nil ? DISPOSE_DO_NOT : DISPOSE_BACKGROUND, UserInputFlag: false, DelayTime: CInt(frameDelay ?? 0),
      TransparentColor: transparent.map { CInt($0) } ?? NO_TRANSPARENT_COLOR)
    var bytes = [UInt8](repeating: 0, count: 4)
    let count = unsafe EGifGCBToExtension(&control, &bytes)
    return unsafe EGifPutExtension(file, CInt(GRAPHICS_EXT_FUNC_CODE), CInt(count), bytes) == GIF_OK
  }

  /// Writes the description of the frame. The palette is filled up to a power of two, as the format requires.
  private borrowing func putColours(_ palette: [UInt32]) -> Bool {
    let size = palette.count <= 2 ? 2 : 1 << (Int.bitWidth - (palette.count - 1).leadingZeroBitCount)
    let colours = (palette + repeatElement(0, count: size - palette.count)).map { colour in
      GifColorType(Red: UInt8(colour >> 16), Green: UInt8(colour >> 8 & 0xff), Blue: UInt8(colour & 0xff))
    }
    guard let map = unsafe GifMakeMapObject(CInt(size), colours) else { return false }
    defer { unsafe GifFreeMapObject(map) }
    return unsafe EGifPutImageDesc(file, 0, 0, CInt(width), CInt(height), false, map) == GIF_OK
  }

  private borrowing func putLines(_ indices: [UInt8]) -> Bool {
    // This is a copy, because giflib masks the bytes in place.
    var indices = indices
    return unsafe indices.withUnsafeMutableBufferPointer { indices in
      (0..<height).allSatisfy { unsafe EGifPutLine(file, indices.baseAddress! + $0 * width, CInt(width)) == GIF_OK }
    }
  }
}
