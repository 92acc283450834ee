/// The progress of an image. An unfinished one shows squares of one colour each, which become smaller with each stage.
public enum RenderStage: Sendable, Hashable {
  case finished
  /// Squares, of which this many fit along the image's longer side.
  case coarse(squares: Int)

  /// The `index`th of `count` unfinished images, from 0: the last one has 64 squares along its longer side, and each earlier one has a quarter
  /// as many as the next.
  public static func partial(_ index: Int, of count: Int) -> RenderStage { .coarse(squares: max(1, 64 >> (2 * (count - 1 - index)))) }
}
