/// One dimension of a picture's change to another size, made from a kernel for the innermost loops: all numbers are in flat arrays.
///
/// Each new pixel has the same number of old ones, a multiple of ``ResamplingKernel/groupSize``. Those beyond its own have the weight 0,
/// and may be beyond the last old pixel.
///
/// ```
/// starts    0             1             1            …      the first old pixel of each new one
/// weights   .6 .4  0  0   .3 .5 .2  0   .1 .7 .2  0  …      here four of each, two groups of two
/// ```
struct ResamplingFilter<Kernel: ResamplingKernel> {
  /// The number of old pixels.
  let sourceCount: Int
  /// The new pixels. Only those of a glyph do not begin with 0.
  let targets: Range<Int>
  /// The number of old pixels of each new one.
  let count: Int
  /// The first old pixel of each new one; never before that of the new pixel before.
  private(set) var starts: [Int] = []
  /// `count` weights of each new pixel. The sum is 1, but less at the edges of a glyph.
  private(set) var weights: [Float] = []

  init(_ kernel: Kernel) {
    (sourceCount, targets) = (kernel.sourceCount, kernel.targets)
    let sources = targets.map { kernel.sources(of: $0) }
    let most = sources.reduce(1) { max($0, $1.count) }
    count = (most + Kernel.groupSize - 1) / Kernel.groupSize * Kernel.groupSize
    starts.reserveCapacity(targets.count)
    weights.reserveCapacity(targets.count * count)
    for (target, sources) in zip(targets, sources) { append(sources, of: target, by: kernel) }
  }

  private mutating func append(_ sources: Range<Int>, of target: Int, by kernel: Kernel) {
    let present = sources.clamped(to: 0..<sourceCount)
    let first = weights.count
    for source in present { weights.append(kernel.weight(of: source, in: target)) }
    let sum = Kernel.fadesOut ? sources.reduce(0) { $0 + kernel.weight(of: $1, in: target) } : weights[first...].reduce(0, +)
    for index in first..<weights.count { weights[index] /= sum }
    starts.append(present.lowerBound)
    weights.append(contentsOf: repeatElement(0, count: count - present.count))
  }
}
