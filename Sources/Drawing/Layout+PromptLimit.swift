extension Layout {
  /// How many scalars of a prompt can have room at all, so that no more of a long one is shaped: letters as narrow as i, at the
  /// smallest size.
  var promptLimit: Int { Int(promptCapacity / 0.25) + 1 }

  /// How many glyphs a prompt may bring: fewer on the largest pictures, where drawing each takes longer.
  var glyphLimit: Int { ShapingWork.usualLimit * 32 / max(promptSizes.lowerBound, 32) }

  /// A text that is longer, in ems, has no room even at the smallest size and without a gap between lines.
  var promptCapacity: Float {
    let size = Float(promptSizes.lowerBound)
    return Float(prompt.width) / size * (Float(prompt.height) / size)
  }
}
