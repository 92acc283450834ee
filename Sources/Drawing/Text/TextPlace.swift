/// Where a block of text goes on a picture.
struct TextPlace {
  /// Of the block's origin: the left end of its first baseline.
  let left: Float
  let baseline: Int
  /// What the eye takes for the block: from the top of capitals to the last baseline and a little below.
  let ink: Box

  init(left: Float, baseline: Int, of block: TextBlock) {
    self.left = left
    self.baseline = baseline
    let size = Float(block.pixelSize)
    let last = baseline + (block.lineCount - 1) * block.lineHeight
    ink = Box(
      left: Int(left), top: baseline - Int(block.text.inkAscent * size), right: Int((left + block.width).rounded(.up)),
      bottom: last + Int(block.text.inkDescent * size))
  }

  /// In the middle of the picture as the eye sees it: capitals and baselines count, accents and descenders don't. All of the block
  /// stays within the box.
  init(centring block: TextBlock, in box: Box, of size: PictureSize) {
    let em = Float(block.pixelSize)
    let below = (block.lineCount - 1) * block.lineHeight
    let capHeight = Int((block.text.capHeight * em).rounded())
    let wanted = (size.height - below + capHeight) / 2
    let highest = box.rows.lowerBound + Int((block.text.ascent * em).rounded(.up))
    let lowest = box.rows.upperBound - Int((block.text.descent * em).rounded(.up)) - below
    let left = Float(box.columns.lowerBound) + (Float(box.width) - block.width) / 2
    self.init(left: left, baseline: min(max(wanted, highest), max(lowest, highest)), of: block)
  }
}
