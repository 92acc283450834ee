/// The blocks of the latest texts. Watermarks recur within a second, and so do the prompts of a test: shaping and fitting a text takes ten times
/// as long as finding it here.
struct TextBlockCache {
  /// All that a block depends on, besides the fonts.
  struct Key: Hashable {
    let text: String
    let role: TextRole
    /// The most scalars to shape.
    let limit: Int
    /// The size of the box, in pixels.
    let width: Int
    let height: Int
    /// Pixels per em.
    let sizes: ClosedRange<Int>
    /// See ``TextFitting/mostLines``.
    var mostLines = Int.max
    /// See ``TextFitting/alignment``; nil for a text that is one line, however long.
    var alignment: Float? = 0.5
  }

  private var blocks: [Key: TextBlock] = [:]
  /// When there would be more, all are dropped: those in use come back with the next pictures, and lookups need no bookkeeping.
  private static let most = 32
  /// Bytes of the longest text that is kept. All blocks together take less than 4 MB.
  private static let longestText = 1000

  subscript(key: Key) -> TextBlock? { blocks[key] }

  mutating func insert(_ block: TextBlock, for key: Key) {
    guard key.text.utf8.count <= Self.longestText else { return }
    if blocks.count >= Self.most { removeAll() }
    blocks[key] = block
  }

  mutating func removeAll() { blocks.removeAll(keepingCapacity: true) }
}
