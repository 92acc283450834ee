/// The blocks of a GIF file around the compressed pixels (GIF89a Specification, W3C, sections 17 to 27). Numbers of two bytes begin with the
/// lower one.
enum GIFBlock {
  static let trailer: UInt8 = 0x3b

  /// The header, the logical screen descriptor and the global colour table.
  static func screen(width: Int, height: Int, _ palette: Palette) -> [UInt8] {
    // 8 bits per channel, background 0, square pixels.
    Array("GIF89a".utf8) + number(width) + number(height) + [0x80 | 7 << 4 | UInt8(palette.bits - 1), 0, 0] + colours(palette)
  }

  /// Netscape's extension, which every browser knows: 1 and the number of repetitions, 0 for endless.
  static let endlessLoop: [UInt8] = [0x21, 0xff, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]

  static func comment(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let parts = stride(from: 0, to: bytes.count, by: 255).map { bytes[$0..<min($0 + 255, bytes.count)] }
    return [0x21, 0xfe] + parts.flatMap { [UInt8($0.count)] + $0 } + [0]
  }

  /// The graphic control extension of the next frame.
  ///
  /// - Parameters:
  ///   - delay: in hundredths of a second, up to 65535.
  ///   - transparent: the index that leaves a pixel as it is; nil for none.
  ///   - isErased: whether the frame's area becomes transparent before the next frame, and not kept.
  static func control(delay: Int, transparent: UInt8?, isErased: Bool) -> [UInt8] {
    let flags: UInt8 = (isErased ? 2 : 1) << 2 | (transparent == nil ? 0 : 1)
    return [0x21, 0xf9, 4, flags] + number(delay) + [transparent ?? 0, 0]
  }

  /// The image descriptor, and the local colour table if there is one.
  static func image(_ area: FrameArea, _ palette: Palette?) -> [UInt8] {
    let place = number(area.columns.lowerBound) + number(area.rows.lowerBound)
    let flags = palette.map { 0x80 | UInt8($0.bits - 1) } ?? 0
    return [0x2c] + place + number(area.columns.count) + number(area.rows.count) + [flags] + (palette.map(colours) ?? [])
  }

  /// The palette, filled up to a power of two as the format requires.
  private static func colours(_ palette: Palette) -> [UInt8] {
    let colours = palette.colours + repeatElement(0, count: 1 << palette.bits - palette.colours.count)
    return colours.flatMap { [UInt8($0 >> 16), UInt8($0 >> 8 & 0xff), UInt8($0 & 0xff)] }
  }

  private static func number(_ value: Int) -> [UInt8] { [UInt8(value & 0xff), UInt8(value >> 8)] }
}
