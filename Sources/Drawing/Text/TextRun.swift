/// Part of a text that is shaped at once: one direction, one script, one language, one typeface.
struct TextRun {
  var scalars: Range<Int>
  /// As ``FontStack`` counts.
  var face: UInt8 = 0
  /// See ``ShapedText/Cluster/level``.
  var level: UInt8 = 0
  /// Of the paragraph.
  var paragraphLevel: UInt8 = 0
  var script = Script.latin
  var language = Language.any

  var isRightToLeft: Bool { !level.isMultiple(of: 2) }

  /// Whether both can be shaped at once, if they touch.
  func isLike(_ other: TextRun) -> Bool {
    (face, level, paragraphLevel, script, language)
      == (other.face, other.level, other.paragraphLevel, other.script, other.language)
  }
}
