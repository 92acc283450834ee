import CFreeType
import CHarfBuzz

/// One font file: HarfBuzz decides which glyphs stand where, FreeType reads their outlines.
///
/// A font must not be used by several threads at once: both libraries keep state in their handles.
@safe package final class Font: Typeface {
  private let library: FT_Library
  let face: FT_Face
  private let shaper: OpaquePointer
  private let buffer: OpaquePointer
  private let unitsPerEm: Float
  /// The current size of the face. Setting it costs more than drawing a glyph.
  private(set) var pixelSize = 0
  /// The grid on which outlines are drawn.
  var coverage = OutlineCoverage()
  private var extents: [UInt32: ClosedRange<Float>] = [:]
  /// Whether its glyphs are pictures of one size, in colours.
  let hasColours: Bool

  /// The font for captions, if they are to be lighter than prompts.
  package internal(set) var lighter: Font?

  let ascent: Float
  let descent: Float
  let capHeight: Float
  private(set) var blank: Float = 0

  /// Opens a font file.
  ///
  /// - Parameter path: a scalable font in any format that FreeType reads. The first font of a collection is used.
  package convenience init(path: String) throws(FontError) {
    guard let blob = unsafe hb_blob_create_from_file_or_fail(path) else { throw .unreadable(path: path) }
    try unsafe self.init(blob, path: path)
  }

  /// Opens a font in memory, which is copied.
  ///
  /// - Parameters:
  ///   - bytes: the content of a file.
  ///   - name: the file's name, for errors.
  package convenience init(bytes: [UInt8], name: String) throws(FontError) {
    let blob = unsafe bytes.withUnsafeBytes { bytes in
      unsafe hb_blob_create(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(bytes.count), HB_MEMORY_MODE_DUPLICATE, nil, nil)
    }
    guard let blob = unsafe blob else { throw .unreadable(path: name) }
    try unsafe self.init(blob, path: name)
  }

  /// - Parameter blob: the file; the initializer releases it.
  private init(_ blob: OpaquePointer, path: String) throws(FontError) {
    defer { unsafe hb_blob_destroy(blob) }
    let (library, face) = try unsafe Self.openFace(blob, path: path)
    unsafe (self.library, self.face) = (library, face)
    let shaperFace = unsafe hb_face_create(blob, 0)
    defer { unsafe hb_face_destroy(shaperFace) }
    unsafe shaper = hb_font_create(shaperFace)
    unsafe buffer = hb_buffer_create()
    unitsPerEm = unsafe Float(hb_face_get_upem(shaperFace))
    // A font's own measures have room for the marks of every language, which is too much between lines of most.
    (ascent, descent) = unsafe Self.reach(of: "ÅÉfgjpqy(|", face: face, unitsPerEm: unitsPerEm)
    capHeight = unsafe Self.height(of: "H", face: face) / unitsPerEm
    hasColours = unsafe face.pointee.face_flags & FT_Long(FT_FACE_FLAG_SCALABLE) == 0
    blank = advance(of: " ")
  }

  deinit {
    unsafe FT_Done_Face(face)
    unsafe FT_Done_FreeType(library)
    unsafe hb_buffer_destroy(buffer)
    unsafe hb_font_destroy(shaper)
  }

  /// Enlarged pictures look coarse and take long.
  var largestSize: Int {
    guard hasColours, let sizes = unsafe face.pointee.available_sizes else { return .max }
    return unsafe max(1, Int(sizes.pointee.y_ppem) / 64)
  }

  /// Unpacking and scaling a picture takes as long as drawing six outlines.
  var glyphCost: Int { hasColours ? 6 : 1 }

  func covers(_ scalar: UInt32) -> Bool {
    var glyph: UInt32 = 0
    return unsafe hb_font_get_nominal_glyph(shaper, scalar, &glyph) != 0
  }

  func shape(_ run: TextRun, of scalars: [UInt32], into text: inout ShapedText) {
    unsafe hb_buffer_reset(buffer)
    unsafe scalars.withUnsafeBufferPointer { scalars in
      unsafe hb_buffer_add_utf32(
        buffer, scalars.baseAddress, Int32(scalars.count), UInt32(run.scalars.lowerBound), Int32(run.scalars.count))
    }
    unsafe hb_buffer_set_content_type(buffer, HB_BUFFER_CONTENT_TYPE_UNICODE)
    unsafe hb_buffer_set_direction(buffer, run.isRightToLeft ? HB_DIRECTION_RTL : HB_DIRECTION_LTR)
    unsafe hb_buffer_set_script(buffer, hb_script_t(rawValue: run.script.tag))
    unsafe hb_buffer_set_language(buffer, hb_language_from_string(run.language.rawValue, -1))
    unsafe hb_shape(shaper, buffer, nil, 0)
    appendClusters(of: run, scalars: scalars, to: &text)
  }

  func extent(of glyph: UInt32) -> ClosedRange<Float> {
    if let extent = extents[glyph] { return extent }
    var box = hb_glyph_extents_t()
    unsafe hb_font_get_glyph_extents(shaper, glyph, &box)
    let top = Float(box.y_bearing) / unitsPerEm
    let extent = min(top, top + Float(box.height) / unitsPerEm)...top
    if extents.count >= Self.mostExtents { extents.removeAll(keepingCapacity: true) }
    extents[glyph] = extent
    return extent
  }

  func rasterise(_ glyph: UInt32, pixelSize: Int, shift: Float) -> Glyph {
    if hasColours { return rasteriseBitmap(glyph, pixelSize: pixelSize, shift: shift) }
    if pixelSize != self.pixelSize {
      guard unsafe FT_Set_Pixel_Sizes(face, 0, FT_UInt(pixelSize)) == 0 else { return .empty }
      self.pixelSize = pixelSize
    }
    guard unsafe FT_Load_Glyph(face, glyph, Self.loadFlags) == 0, let slot = unsafe face.pointee.glyph else { return .empty }
    return unsafe rasterise(slot.pointee.outline, shift: shift)
  }

  private static let mostExtents = 4096

  /// Outlines are not hinted: hinted ones would not match HarfBuzz's advances.
  private static let loadFlags = FT_Int32(FT_LOAD_NO_HINTING) | FT_Int32(FT_LOAD_NO_BITMAP)
}

extension Font {
  /// Opens FreeType's face on the memory that HarfBuzz mapped, so that a page of the file counts once. HarfBuzz's face keeps the mapping
  /// alive.
  private static func openFace(_ file: OpaquePointer, path: String) throws(FontError) -> (FT_Library, FT_Face) {
    var library: FT_Library?
    let started = unsafe FT_Init_FreeType(&library)
    guard started == 0, let library = unsafe library else { throw .notAFont(path: path, code: started) }
    var face: FT_Face?
    var length: UInt32 = 0
    let bytes = unsafe UnsafeRawPointer(hb_blob_get_data(file, &length))
    let opened = unsafe FT_New_Memory_Face(library, bytes?.assumingMemoryBound(to: FT_Byte.self), FT_Long(length), 0, &face)
    guard opened == 0, let face = unsafe face else {
      unsafe FT_Done_FreeType(library)
      throw .notAFont(path: path, code: opened)
    }
    let wanted = FT_Long(FT_FACE_FLAG_SCALABLE) | FT_Long(FT_FACE_FLAG_COLOR)
    guard unsafe face.pointee.face_flags & wanted != 0 else {
      unsafe FT_Done_Face(face)
      unsafe FT_Done_FreeType(library)
      throw .notScalable(path: path)
    }
    return unsafe (library, face)
  }

  /// The height of a letter in font units; 0.7 em if the font lacks the letter.
  private static func height(of letter: Unicode.Scalar, face: FT_Face) -> Float {
    let glyph = unsafe FT_Get_Char_Index(face, FT_ULong(letter.value))
    guard glyph != 0, unsafe FT_Load_Glyph(face, glyph, FT_Int32(FT_LOAD_NO_SCALE)) == 0, let slot = unsafe face.pointee.glyph else {
      return unsafe 0.7 * Float(face.pointee.units_per_EM)
    }
    return unsafe Float(slot.pointee.metrics.horiBearingY)
  }

  /// The distance in ems from the baseline up to the highest point and down to the lowest point of some letters; the font's own measures if
  /// it lacks any of them.
  private static func reach(of letters: String, face: FT_Face, unitsPerEm: Float) -> (ascent: Float, descent: Float) {
    var (top, bottom) = (0, 0)
    for letter in letters.unicodeScalars {
      let glyph = unsafe FT_Get_Char_Index(face, FT_ULong(letter.value))
      guard glyph != 0, unsafe FT_Load_Glyph(face, glyph, FT_Int32(FT_LOAD_NO_SCALE)) == 0, let slot = unsafe face.pointee.glyph else {
        return unsafe (Float(face.pointee.ascender) / unitsPerEm, -Float(face.pointee.descender) / unitsPerEm)
      }
      let metrics = unsafe slot.pointee.metrics
      (top, bottom) = (max(top, metrics.horiBearingY), min(bottom, metrics.horiBearingY - metrics.height))
    }
    return (Float(top) / unitsPerEm, -Float(bottom) / unitsPerEm)
  }

  private func advance(of scalar: Unicode.Scalar) -> Float {
    var text = ShapedText()
    shape(TextRun(scalars: 0..<1), of: [scalar.value], into: &text)
    return text.clusters.reduce(0) { $0 + $1.advance }
  }

  /// Appends the glyphs that HarfBuzz shaped: they come from left to right, and those of one cluster are adjacent.
  private func appendClusters(of run: TextRun, scalars: [UInt32], to text: inout ShapedText) {
    var count: UInt32 = 0
    guard let places = unsafe hb_buffer_get_glyph_positions(buffer, &count), let infos = unsafe hb_buffer_get_glyph_infos(buffer, &count)
    else { return }
    let firstCluster = text.clusters.count
    var cluster: UInt32?
    for index in 0..<Int(count) {
      let (info, place) = unsafe (infos[index], places[index])
      let isBlank = scalars[Int(info.cluster)] == PlainText.blank
      if info.cluster != cluster { text.beginCluster(at: Int(info.cluster), of: run, isBlank: isBlank) }
      cluster = info.cluster
      if isBlank {
        // A blank of every font is as wide as the first typeface's. That one is 0 while the first typeface measures its own.
        text.widenCluster(by: text.blank > 0 ? text.blank : Float(place.x_advance) / unitsPerEm)
      } else {
        text.append(
          glyph: info.codepoint, of: run.face, x: Float(place.x_offset) / unitsPerEm, y: Float(place.y_offset) / unitsPerEm,
          advance: Float(place.x_advance) / unitsPerEm)
      }
    }
    if run.isRightToLeft { text.clusters[firstCluster...].reverse() }
  }
}

/// The reason why a font file could not be used.
package enum FontError: Error, Sendable, Hashable {
  /// The file does not exist or is not readable.
  case unreadable(path: String)
  /// FreeType cannot read the file; `code` is its error number.
  case notAFont(path: String, code: Int32)
  /// The file holds only bitmaps, but text may have any size.
  case notScalable(path: String)
}

extension FontError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let path): "cannot read the font file \(path)"
    case .notAFont(let path, let code): "\(path) is not a font that FreeType can read (error \(code))"
    case .notScalable(let path): "\(path) is a bitmap font; a scalable one (TrueType, OpenType) is needed"
    }
  }
}
