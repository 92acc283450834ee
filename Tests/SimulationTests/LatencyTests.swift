import Hashing
import Simulation
import Testing

@Suite struct LatencyTests {
  @Test(arguments: [
    ("0s", 0), ("250ms", 250), ("2s", 2000), ("1.5s", 1500), ("2m", 120_000), ("0.25m", 15_000), ("0.0004s", 0), ("10m", 600_000),
  ]) func `a duration is parsed`(text: String, milliseconds: Int) {
    #expect(Duration(text: text) == .milliseconds(milliseconds))
    #expect(Duration(text: Duration.milliseconds(milliseconds).text) == .milliseconds(milliseconds))
  }

  @Test(arguments: ["", "2", "s", "ms", "-1s", "+1s", "1 s", "1h", ".5s", "1e3s", "0x1s", "infs", "nans", "1,5s", "1.2.3s", "1000000000m"])
  func `an invalid duration is not parsed`(text: String) {
    #expect(Duration(text: text) == nil)
  }

  @Test(arguments: ["none", "fixed:2s", "uniform:1s..3s", "lognormal:p50=12s,p99=61s", "lognormal:p50=250ms,p99=250ms", "seed", "openai"])
  func `the text of a latency parses back`(text: String) {
    #expect(Latency(text: text)?.text == text)
  }

  @Test func `a duration alone is a fixed latency`() {
    #expect(Latency(text: "1.5s") == .fixed(.milliseconds(1500)))
  }

  @Test(arguments: [
    "", "None", "fixed", "fixed:", "fixed:2", "601s", "fixed:601s", "uniform:3s..1s", "uniform:1s", "uniform:1s..601s", "none:1s",
    "lognormal:p50=0s,p99=1s", "lognormal:p50=2s,p99=1s", "lognormal:p99=2s,p50=1s", "lognormal:1s,2s", "seed:1", "openai:", "2s:3s",
  ]) func `an invalid latency is not parsed`(text: String) {
    #expect(Latency(text: text) == nil)
  }

  /// The sorted latencies of 10,000 responses, in seconds.
  private func seconds(_ latency: Latency, _ work: ImageWork = .mock()) -> [Double] {
    var random = SplitMix64(seed: 1)
    return (0..<10_000).map { _ in latency.duration(of: work, random: &random) / .seconds(1) }.sorted()
  }

  @Test func `a uniform latency fills its range evenly`() {
    let seconds = seconds(.uniform(.seconds(1), .seconds(3)))
    #expect(seconds.first! >= 1 && seconds.last! <= 3)
    #expect(abs(seconds[5000] - 2) < 0.05 && abs(seconds[1000] - 1.2) < 0.05)
  }

  @Test func `a log-normal latency has the quantiles it was given`() {
    let seconds = seconds(.lognormal(median: .seconds(12), p99: .seconds(60)))
    #expect(abs(seconds[5000] - 12) < 0.5)
    #expect(abs(seconds[9900] - 60) < 5)
  }

  @Test func `no latency is longer than ten minutes`() {
    #expect(seconds(.lognormal(median: .seconds(500), p99: .seconds(600))).last == 600)
    #expect(seconds(.openai, .mock(model: "gpt-image-2", quality: "high", size: "3840x2160")).last == 600)
  }

  @Test(arguments: [
    ("256x256", "standard", 1, 1.0), ("1024x1024", "standard", 1, 1.5), ("1024x1024", "hd", 1, 2.25), ("1792x1024", "hd", 2, 6.0),
    ("1024x1792", "standard", 10, 20.0),
  ]) func `the legacy latency is its formula plus 0.5 to 2 s`(size: String, quality: String, count: Int, base: Double) {
    let seconds = seconds(.seed, .mock(quality: quality, size: size, count: count))
    #expect(seconds.first! >= base + 0.5 && seconds.last! <= base + 2)
    #expect(abs(seconds[5000] - base - 1.25) < 0.05)
  }

  @Test(arguments: [
    ("gpt-image-1", "low", "1024x1024", 7.2), ("gpt-image-1", "auto", "1024x1024", 33), ("gpt-image-1", "high", "1024x1536", 75),
    ("gpt-image-2-2026-04-21", "high", "1024x1024", 125), ("gpt-image-2", "low", "1024x1024", 7.2), ("dall-e-3", "hd", "1024x1024", 20),
    ("dall-e-2", "auto", "256x256", 12), ("my-own-model", "low", "512x512", 7.2),
  ]) func `the real API's median is that of model, quality and size`(model: String, quality: String, size: String, median: Double) {
    #expect(abs(seconds(.openai, .mock(model: model, quality: quality, size: size))[5000] / median - 1) < 0.05)
  }

  @Test func `the same seed gives the same latency`() {
    var (one, other, third) = (SplitMix64(seed: 7), SplitMix64(seed: 7), SplitMix64(seed: 8))
    let latency = Latency.lognormal(median: .seconds(12), p99: .seconds(60))
    let first = latency.duration(of: .mock(), random: &one)
    #expect(latency.duration(of: .mock(), random: &other) == first)
    #expect(latency.duration(of: .mock(), random: &third) != first)
  }
}

extension ImageWork {
  static func mock(model: String = "dall-e-3", quality: String = "auto", size: String = "1024x1024", count: Int = 1) -> ImageWork {
    let sides = size.split(separator: "x").map { Int($0)! }
    return ImageWork(model: model, quality: quality, width: sides[0], height: sides[1], count: count)
  }
}
