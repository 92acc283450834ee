import CGIF

/// A GIF file, read by giflib.
struct GIF {
  struct Frame {
    /// The duration in hundredths of a second.
    var delay: Int
    /// Red, green, blue and alpha of each pixel.
    var pixels: [UInt8]
  }

  struct Unreadable: Error {}

  let width: Int
  let height: Int
  /// Whether it repeats for ever.
  let loops: Bool
  private(set) var frames: [Frame] = []

  init(_ file: [UInt8]) throws {
    guard file.last == 0x3b else { throw Unreadable() }
    var source = file[...]
    let gif = withUnsafeMutablePointer(to: &source) { source in
      let gif = DGifOpen(source, Self.read, nil)
      guard let gif, DGifSlurp(gif) != GIF_OK else { return gif }
      DGifCloseFile(gif, nil)
      return nil
    }
    guard let gif else { throw Unreadable() }
    defer { DGifCloseFile(gif, nil) }
    (width, height) = (Int(gif.pointee.SWidth), Int(gif.pointee.SHeight))
    loops = file.indices.contains { file[$0...].starts(with: Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]) }
    for index in 0..<Int(gif.pointee.ImageCount) { frames.append(try Self.frame(gif, index)) }
  }

  private static let read: InputFunc = { file, bytes, count in
    let source = file!.pointee.UserData.assumingMemoryBound(to: ArraySlice<UInt8>.self)
    let part = source.pointee.prefix(Int(count))
    _ = UnsafeMutableBufferPointer(start: bytes, count: Int(count)).update(fromContentsOf: part)
    source.pointee.removeFirst(part.count)
    return CInt(part.count)
  }

  private static func frame(_ gif: UnsafeMutablePointer<GifFileType>, _ index: Int) throws -> Frame {
    var control = GraphicsControlBlock()
    DGifSavedExtensionToGCB(gif, CInt(index), &control)
    let image = gif.pointee.SavedImages[index]
    guard let palette = image.ImageDesc.ColorMap else { throw Unreadable() }
    let pixels = (0..<Int(image.ImageDesc.Width) * Int(image.ImageDesc.Height)).flatMap { pixel -> [UInt8] in
      let entry = CInt(image.RasterBits[pixel])
      let colour = palette.pointee.Colors[Int(entry)]
      return [colour.Red, colour.Green, colour.Blue, entry == control.TransparentColor ? 0 : 255]
    }
    return Frame(delay: Int(control.DelayTime), pixels: pixels)
  }
}
