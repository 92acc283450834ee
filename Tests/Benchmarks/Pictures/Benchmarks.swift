import Glibc

/// Measures pictures for bench.py: reads a case a line (`1024x1024 hd dall-e-3 A serene lake`) and answers each with the costs of its
/// pictures, a JSON array on one line. `scale 1024x1024 2048x2048 RGB 5` is answered with the times of five runs.
///
/// A process of its own that waits for its cases, so that the peer it is compared with is measured in turns with it, in one run.
@main
enum Benchmarks {
  static func main() throws {
    var stopwatch = PictureStopwatch()
    while let line = readLine() {
      if let scaling = ScalingCase(line) {
        print(scaling.times())
        fflush(nil)
        continue
      }
      guard let wanted = BenchmarkCase(line) else { fatalError("not a size, a quality, a model and a prompt: \(line)") }
      let costs = try stopwatch.costs(of: wanted.placeholders)
      print("[\(costs.map(\.json).joined(separator: ", "))]")
      fflush(nil)
    }
  }
}
