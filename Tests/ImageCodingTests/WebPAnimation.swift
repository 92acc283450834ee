import CWebP
import CWebPDemux

/// An animated WebP file, read by libwebpdemux. Frames are put together as a viewer shows them, one on top of another.
struct WebPAnimation {
  struct Frame {
    /// The duration in milliseconds.
    var duration: Int
    /// Left, top, width and height of the part that the file has.
    var area: [Int]
    /// Red, green, blue and alpha of each pixel of the whole picture.
    var pixels: [UInt8]
  }

  struct Unreadable: Error {}

  let width: Int
  let height: Int
  /// Whether it repeats for ever.
  let loops: Bool
  /// The XMP packet.
  let metadata: String
  private(set) var frames: [Frame] = []

  init(_ file: [UInt8]) throws {
    self = try file.withUnsafeBufferPointer { file in try WebPAnimation(WebPData(bytes: file.baseAddress, size: file.count)) }
  }

  private init(_ file: WebPData) throws {
    var (file, options, info) = (file, WebPAnimDecoderOptions(), WebPAnimInfo())
    guard WebPAnimDecoderOptionsInit(&options) != 0 else { throw Unreadable() }
    options.color_mode = MODE_RGBA
    guard let decoder = WebPAnimDecoderNew(&file, &options) else { throw Unreadable() }
    defer { WebPAnimDecoderDelete(decoder) }
    guard WebPAnimDecoderGetInfo(decoder, &info) != 0, let demuxer = WebPAnimDecoderGetDemuxer(decoder) else { throw Unreadable() }
    (width, height, loops) = (Int(info.canvas_width), Int(info.canvas_height), info.loop_count == 0)
    metadata = Self.packet(of: demuxer)
    var (time, before) = (CInt(0), CInt(0))
    for number in 1...info.frame_count {
      var (pixels, part) = (UnsafeMutablePointer<UInt8>?.none, WebPIterator())
      guard WebPAnimDecoderGetNext(decoder, &pixels, &time) != 0, let pixels, WebPDemuxGetFrame(demuxer, CInt(number), &part) != 0 else {
        throw Unreadable()
      }
      defer { WebPDemuxReleaseIterator(&part) }
      frames.append(
        Frame(
          duration: Int(time - before), area: [part.x_offset, part.y_offset, part.width, part.height].map(Int.init),
          pixels: Array(UnsafeBufferPointer(start: pixels, count: 4 * width * height))))
      before = time
    }
  }

  private static func packet(of demuxer: OpaquePointer) -> String {
    var chunk = WebPChunkIterator()
    guard WebPDemuxGetChunk(demuxer, "XMP ", 1, &chunk) != 0 else { return "" }
    defer { WebPDemuxReleaseChunkIterator(&chunk) }
    return String(decoding: UnsafeBufferPointer(start: chunk.chunk.bytes, count: chunk.chunk.size), as: UTF8.self)
  }
}
