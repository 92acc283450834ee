import CGIF

/// A GIF file, read by giflib. Frames are put together as a viewer shows them, one on top of another.
struct GIF {
  struct Frame {
    /// The duration in hundredths of a second.
    var delay: Int
    /// Left, top, width and height of the part that the file has.
    var area: [Int]
    /// Whether the file has a palette for this frame alone.
    var hasOwnPalette: Bool
    /// Red, green, blue and alpha of each pixel of the whole picture.
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
    var pixels = [UInt8](repeating: 0, count: 4 * width * height)
    for index in 0..<Int(gif.pointee.ImageCount) { frames.append(try Self.frame(gif, index, on: &pixels)) }
  }

  private static let read: InputFunc = { file, bytes, count in
    let source = file!.pointee.UserData.assumingMemoryBound(to: ArraySlice<UInt8>.self)
    let part = source.pointee.prefix(Int(count))
    _ = UnsafeMutableBufferPointer(start: bytes, count: Int(count)).update(fromContentsOf: part)
    source.pointee.removeFirst(part.count)
    return CInt(part.count)
  }

  /// - Parameter pixels: what the frames before left, and then what this one leaves.
  private static func frame(_ gif: UnsafeMutablePointer<GifFileType>, _ index: Int, on pixels: inout [UInt8]) throws -> Frame {
    var control = GraphicsControlBlock()
    DGifSavedExtensionToGCB(gif, CInt(index), &control)
    let image = gif.pointee.SavedImages[index]
    guard let palette = image.ImageDesc.ColorMap ?? gif.pointee.SColorMap else { throw Unreadable() }
    let (left, top) = (Int(image.ImageDesc.Left), Int(image.ImageDesc.Top))
    let (width, height) = (Int(image.ImageDesc.Width), Int(image.ImageDesc.Height))
    let before = pixels
    for pixel in 0..<width * height {
      let entry = CInt(image.RasterBits[pixel])
      guard entry != control.TransparentColor else { continue }
      let colour = palette.pointee.Colors[Int(entry)]
      let place = 4 * ((top + pixel / width) * Int(gif.pointee.SWidth) + left + pixel % width)
      pixels.replaceSubrange(place..<place + 4, with: [colour.Red, colour.Green, colour.Blue, 255])
    }
    let frame = Frame(
      delay: Int(control.DelayTime), area: [left, top, width, height], hasOwnPalette: image.ImageDesc.ColorMap != nil, pixels: pixels)
    switch control.DisposalMode {
    case Int32(DISPOSE_BACKGROUND):
      for pixel in 0..<width * height {
        let place = 4 * ((top + pixel / width) * Int(gif.pointee.SWidth) + left + pixel % width)
        pixels.replaceSubrange(place..<place + 4, with: [0, 0, 0, 0])
      }
    case Int32(DISPOSE_PREVIOUS): pixels = before
    default: break
    }
    return frame
  }
}
