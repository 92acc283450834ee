import Glibc

/// Times pictures for bench.py: reads a case a line (`1024x1024 hd`) and answers each with its times, a line of JSON.
///
/// A process of its own that waits for its cases, so that the peer it is compared with is measured in turns with it, in one run.
@main
enum Benchmarks {
  static func main() throws {
    guard CommandLine.arguments.count == 3 else { fatalError("usage: Benchmarks <prompt> <model>") }
    var stopwatch = PictureStopwatch(prompt: CommandLine.arguments[1], model: CommandLine.arguments[2])
    while let line = readLine() {
      guard let wanted = BenchmarkCase(line) else { fatalError("not a size and a quality: \(line)") }
      print(try stopwatch.time(wanted).json)
      fflush(nil)
    }
  }
}
