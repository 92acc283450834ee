/// Maps pixels to the nearest colours of a palette, and makes palettes. Pictures are not dithered, because dithering costs more bytes than it
/// is worth to the eye.
struct PaletteMapper: ~Copyable {
  /// The latest palette.
  private(set) var palette = Palette([])
  private let leavesPlace: Bool
  /// The palette's index for each colour in the lower eight bits, and the square of its distance above them.
  private var table = ColourTable()
  /// The bits of a colour that are distinguished: fewer than 8 of each channel if there are too many colours.
  private var mask: UInt32 = 0
  /// The errors of the picture that the palette was made for.
  private var errors: Errors?

  /// Those of the picture that is being mapped, and the most that it may have.
  private var (found, limit) = (Errors(), Errors())

  /// Squares of distances between pixels and what they are mapped to.
  private struct Errors {
    var sum: UInt64 = 0
    var largest: UInt32 = 0
  }

  /// - Parameter leavesPlace: whether a palette needs an entry for transparent pixels. A picture whose opaque colours are a
  ///   power of two, up to 256, has none.
  init(leavesPlace: Bool) { self.leavesPlace = leavesPlace }

  /// Maps a picture to the present palette, or to a new one if it would look worse than the picture that the present one was made for.
  ///
  /// - Returns: whether the palette is new.
  mutating func map(_ image: RowPixels, to indices: borrowing IndexPlane) -> Bool {
    if let errors {
      // A picture of few colours is exact. One of many may have as much error as is not seen: two steps in one channel of every pixel, and twelve
      // in all channels of some; or little more than the other picture.
      let pixels = UInt64(image.width * image.height)
      limit = Errors(sum: max(errors.sum + errors.sum / 4, 4 * pixels), largest: max(2 * errors.largest, 3 * 12 * 12))
      if errors.sum == 0 { limit = Errors() }
      found = Errors()
      if indices.fill(from: image, with: &self) { return false }
    }
    makePalette(of: image)
    limit = Errors(sum: .max, largest: .max)
    found = Errors()
    _ = indices.fill(from: image, with: &self)
    errors = found
    return true
  }

  /// The index of a colour in the lower eight bits, and the square of its distance above them.
  @inline(__always)
  mutating func entry(for colour: UInt32) -> UInt32 {
    let colour = colour & mask
    if let entry = table[colour] { return entry }
    return newEntry(for: colour)
  }

  @inline(never)
  private mutating func newEntry(for colour: UInt32) -> UInt32 {
    let (index, error) = colour == RowPixels.transparent ? (palette.free ?? 0, 0) : palette.nearest(to: colour)
    found.largest = max(found.largest, error)
    table.add(error << 8 | UInt32(index), to: colour)
    return error << 8 | UInt32(index)
  }

  /// Counts errors of pixels.
  ///
  /// - Returns: false if the picture looks too bad in this palette, or has too many colours.
  mutating func accepts(_ error: UInt64) -> Bool {
    found.sum += error
    return found.sum <= limit.sum && found.largest <= limit.largest && (!isFull || limit.sum == .max)
  }

  private var isFull: Bool { table.count > ColourTable.limit }

  private mutating func makePalette(of image: RowPixels) {
    // 32768 colours and the transparent one always fit.
    for bits in [8, 7, 6, 5] as [UInt32] where count(image, bits: bits) { break }
    let colours = table.all.filter { $0.colour != RowPixels.transparent }
    let isTransparent = colours.count < table.count
    // Another entry would double a palette of a power of two, and lengthen every code.
    let fillsPalette = colours.count <= 256 && colours.count & (colours.count - 1) == 0
    let hasFree = isTransparent || leavesPlace && !fillsPalette
    let cut = MedianCut(colours.map { MedianCut.Entry(colour: $0.colour, pixels: $0.number) }, limit: hasFree ? 255 : 256)
    palette = Palette(cut.palette, hasFree: hasFree)
    table.removeAll()
  }

  /// Counts the pixels of each colour. Parts of rows that equal those above are counted together.
  ///
  /// - Parameter bits: the bits of each channel to distinguish.
  /// - Returns: false if there are too many colours.
  private mutating func count(_ image: RowPixels, bits: UInt32) -> Bool {
    let channel: UInt32 = 0xff << (8 - bits) & 0xff
    mask = RowPixels.transparent | channel << 16 | channel << 8 | channel
    let mask = mask
    table.removeAll()
    // The first row, for each part, that is not counted yet. All rows from there on are equal.
    var firsts = [Int](repeating: 0, count: image.parts)
    for y in 1...image.height {
      if y < image.height, image.isLikeRowAbove(y) { continue }
      for part in 0..<image.parts {
        let columns = image.columns(ofPart: part)
        if y < image.height, image.isLikeAbove(columns, inRow: y) { continue }
        let rows = y - firsts[part]
        firsts[part] = y
        image.forEachRun(columns, inRow: y - 1) { colour, columns in table.add(UInt32(rows * columns.count), to: colour & mask) }
      }
      if isFull { break }
    }
    return !isFull || bits == 5
  }
}
