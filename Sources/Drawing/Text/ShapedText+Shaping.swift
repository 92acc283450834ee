extension ShapedText {
  /// Shapes a text once, for every size.
  init(_ text: PlainText, in face: some Typeface) {
    blank = face.blank
    face.shape(0..<1, of: [0x2026], isRightToLeft: false, into: &self)
    for run in text.runs {
      let first = clusters.count
      face.shape(run.scalars, of: text.scalars, isRightToLeft: run.isRightToLeft, into: &self)
      guard clusters.count > first else { continue }  // a lone joiner: nothing to see
      let advance = clusters[first...].reduce(0) { $0 + $1.advance }
      words.append(Word(clusters: first..<clusters.count, advance: advance, isRightToLeft: run.isRightToLeft, gap: run.gap))
    }
  }

  /// The length on one line.
  var advance: Float {
    words.reduce(0) { $0 + $1.advance + ($1.gap == .blank ? blank : 0) }
  }
}
