extension Layout {
  /// How many scalars of a prompt can have room at all, so that no more of a long one is shaped: letters as narrow as i, at the
  /// smallest size.
  var promptLimit: Int {
    let size = Float(promptSizes.lowerBound)
    let (columns, lines) = (Float(prompt.width) / (size * 0.25), Float(prompt.height) / size)
    return Int(columns * lines) + 1
  }
}
