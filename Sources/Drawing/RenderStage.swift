/// How far a picture has come: an unfinished one shows squares of one colour each, which become smaller and smaller.
public enum RenderStage: Sendable, Hashable {
  case finished
  /// Squares of which so many fit along the picture's longer side.
  case coarse(squares: Int)

  /// The `index`th of `count` unfinished pictures, from 0: the last one has 64 squares along its longer side, each before it a quarter of
  /// the next one's.
  public static func partial(_ index: Int, of count: Int) -> RenderStage { .coarse(squares: max(1, 64 >> (2 * (count - 1 - index)))) }
}
