import CFreeType
import CHarfBuzz

/// One font file: HarfBuzz decides which glyphs stand where, FreeType draws them.
///
/// Not for several threads at once: both keep state in their handles.
@safe package final class Font: Typeface {
  private let library: FT_Library
  private let face: FT_Face
  private let shaper: OpaquePointer
  private let buffer: OpaquePointer
  private let unitsPerEm: Float
  /// What the face is set to; setting it costs more than drawing a glyph.
  private var pixelSize = 0

  let ascent: Float
  let descent: Float
  let capHeight: Float
  private(set) var blank: Float = 0

  /// Opens a font file.
  ///
  /// - Parameter path: a scalable font in any format that FreeType reads; of a collection, the first font.
  package init(path: String) throws(FontError) {
    guard let blob = unsafe hb_blob_create_from_file_or_fail(path) else { throw .unreadable(path: path) }
    defer { unsafe hb_blob_destroy(blob) }
    let (library, face) = try unsafe Self.openFace(path)
    unsafe (self.library, self.face) = (library, face)
    let shaperFace = unsafe hb_face_create(blob, 0)
    defer { unsafe hb_face_destroy(shaperFace) }
    unsafe shaper = hb_font_create(shaperFace)
    unsafe buffer = hb_buffer_create()
    unitsPerEm = unsafe Float(hb_face_get_upem(shaperFace))
    ascent = unsafe Float(face.pointee.ascender) / unitsPerEm
    descent = unsafe -Float(face.pointee.descender) / unitsPerEm
    capHeight = unsafe Self.height(of: "H", face: face) / unitsPerEm
    blank = advance(of: " ")
  }

  deinit {
    unsafe hb_buffer_destroy(buffer)
    unsafe hb_font_destroy(shaper)
    unsafe FT_Done_Face(face)
    unsafe FT_Done_FreeType(library)
  }

  func shape(_ run: Range<Int>, of scalars: [UInt32], isRightToLeft: Bool, into text: inout ShapedText) {
    unsafe hb_buffer_reset(buffer)
    unsafe scalars.withUnsafeBufferPointer { scalars in
      unsafe hb_buffer_add_utf32(
        buffer, scalars.baseAddress, Int32(scalars.count), UInt32(run.lowerBound), Int32(run.count))
    }
    unsafe hb_buffer_guess_segment_properties(buffer)
    unsafe hb_buffer_set_direction(buffer, isRightToLeft ? HB_DIRECTION_RTL : HB_DIRECTION_LTR)
    unsafe hb_shape(shaper, buffer, nil, 0)
    appendClusters(to: &text, isRightToLeft: isRightToLeft)
  }

  func rasterise(_ glyph: UInt32, pixelSize: Int, shift: Float) -> Glyph {
    if pixelSize != self.pixelSize {
      guard unsafe FT_Set_Pixel_Sizes(face, 0, FT_UInt(pixelSize)) == 0 else { return .empty }
      self.pixelSize = pixelSize
    }
    guard unsafe FT_Load_Glyph(face, glyph, Self.loadFlags) == 0, let slot = unsafe face.pointee.glyph else { return .empty }
    unsafe FT_Outline_Translate(&slot.pointee.outline, FT_Pos(shift * 64), 0)
    guard unsafe FT_Render_Glyph(slot, FT_RENDER_MODE_NORMAL) == 0 else { return .empty }
    return unsafe Glyph(slot.pointee)
  }

  /// Outlines as designed: hinted ones would not match HarfBuzz's advances.
  private static let loadFlags = FT_Int32(FT_LOAD_NO_HINTING) | FT_Int32(FT_LOAD_NO_BITMAP)
}

extension Font {
  private static func openFace(_ path: String) throws(FontError) -> (FT_Library, FT_Face) {
    var library: FT_Library?
    let started = unsafe FT_Init_FreeType(&library)
    guard started == 0, let library = unsafe library else { throw .notAFont(path: path, code: started) }
    var face: FT_Face?
    let opened = unsafe FT_New_Face(library, path, 0, &face)
    guard opened == 0, let face = unsafe face else {
      unsafe FT_Done_FreeType(library)
      throw .notAFont(path: path, code: opened)
    }
    guard unsafe face.pointee.face_flags & FT_Long(FT_FACE_FLAG_SCALABLE) != 0 else {
      unsafe FT_Done_Face(face)
      unsafe FT_Done_FreeType(library)
      throw .notScalable(path: path)
    }
    return unsafe (library, face)
  }

  /// In font units; a font without the letter is taken to have capitals of 0.7 em.
  private static func height(of letter: Unicode.Scalar, face: FT_Face) -> Float {
    let glyph = unsafe FT_Get_Char_Index(face, FT_ULong(letter.value))
    guard glyph != 0, unsafe FT_Load_Glyph(face, glyph, FT_Int32(FT_LOAD_NO_SCALE)) == 0, let slot = unsafe face.pointee.glyph else {
      return unsafe 0.7 * Float(face.pointee.units_per_EM)
    }
    return unsafe Float(slot.pointee.metrics.horiBearingY)
  }

  private func advance(of scalar: Unicode.Scalar) -> Float {
    var text = ShapedText()
    shape(0..<1, of: [scalar.value], isRightToLeft: false, into: &text)
    return text.clusters.reduce(0) { $0 + $1.advance }
  }

  /// Takes over what HarfBuzz shaped: glyphs from left to right, those of one cluster beside each other.
  private func appendClusters(to text: inout ShapedText, isRightToLeft: Bool) {
    var count: UInt32 = 0
    guard let places = unsafe hb_buffer_get_glyph_positions(buffer, &count), let infos = unsafe hb_buffer_get_glyph_infos(buffer, &count)
    else { return }
    let firstCluster = text.clusters.count
    var cluster: UInt32?
    for index in 0..<Int(count) {
      let (info, place) = unsafe (infos[index], places[index])
      if info.cluster != cluster { text.beginCluster() }
      cluster = info.cluster
      text.append(
        glyph: info.codepoint, x: Float(place.x_offset) / unitsPerEm, y: Float(place.y_offset) / unitsPerEm,
        advance: Float(place.x_advance) / unitsPerEm)
    }
    if isRightToLeft { text.clusters[firstCluster...].reverse() }
  }
}

extension Glyph {
  /// Takes over what FreeType drew: 8 bits of coverage a pixel, rows downwards.
  fileprivate init(_ slot: FT_GlyphSlotRec_) {
    let bitmap = unsafe slot.bitmap
    guard let buffer = unsafe bitmap.buffer else {
      self = .empty
      return
    }
    let pitch = unsafe Int(bitmap.pitch)
    self = unsafe Glyph(
      left: Int(slot.bitmap_left), top: Int(slot.bitmap_top), width: Int(bitmap.width), height: Int(bitmap.rows)
    ) { x, y in unsafe buffer[y * pitch + x] }
  }
}
