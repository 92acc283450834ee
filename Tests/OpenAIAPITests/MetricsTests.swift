import FastCGI
import Metrics
import SystemCalls
import Testing
@testable import OpenAIAPI

@Suite struct MetricsTests {
  @Test func `each answer is counted by route and status, and its time in the route's histogram`() throws {
    let fixture = try ServiceFixture()
    _ = fixture.get(fixture.imagePath())
    _ = fixture.get("/images/none.png")
    _ = fixture.get("/nowhere")
    _ = fixture.get("/healthz", method: "HEAD")
    let lines = fixture.get("/metrics").text.split(separator: "\n")
    #expect(
      lines.filter { $0.hasPrefix("fakeai_requests_total") } == [
        #"fakeai_requests_total{route="other",status="404"} 1"#,
        #"fakeai_requests_total{route="/images/{file}",status="200"} 1"#,
        #"fakeai_requests_total{route="/images/{file}",status="404"} 1"#,
        #"fakeai_requests_total{route="/v1/images/generations",status="200"} 1"#,
        #"fakeai_requests_total{route="/healthz",status="200"} 1"#,
      ])
    #expect(lines.contains(#"fakeai_request_duration_seconds_bucket{route="/images/{file}",le="+Inf"} 2"#))
    #expect(lines.contains(#"fakeai_request_duration_seconds_count{route="/images/{file}"} 2"#))
    #expect(lines.contains("fakeai_drawing_duration_seconds_count 1"))
    #expect(lines.contains("fakeai_store_images 1"))
  }

  @Test func `a response is counted when it is sent, however early it was made`() throws {
    let fixture = try ServiceFixture()
    var request = Request(method: "GET", path: "/healthz")
    request.arrival = .now - .seconds(20)
    let reply = fixture.service.reply(to: request)
    let bucket = #"fakeai_request_duration_seconds_bucket{route="/healthz",le="30"} 1"#
    #expect(!fixture.get("/metrics").text.contains(bucket))
    _ = reply.run()
    let lines = fixture.get("/metrics").text.split(separator: "\n")
    #expect(lines.contains(#"fakeai_request_duration_seconds_bucket{route="/healthz",le="10"} 0"#))
    #expect(lines.contains(Substring(bucket)))
  }

  @Test(arguments: ["/metrics", "/_fakeai/stats", "/_fakeai/requests"])
  func `metrics can be read with any content of the scoreboard`(path: String) throws {
    let fixture = try ServiceFixture()
    _ = fixture.get("/healthz")
    fixture.spoilScoreboard()
    #expect(fixture.get(path).status == 200)
    #expect(fixture.get("/healthz").status == 200)
  }

  @Test func `the output has the format of Prometheus, including escapes`() {
    struct Subject {}
    let figure = Metric<Subject>("odd", nil, .counter, .count, "A \\ and\na line.") { _ in
      [MetricSample(labels: [("route", "a\"b\\c\nd")], value: .number(1.5))]
    }
    var text = PrometheusText()
    text.write(figure, prefix: "x_", of: [(Subject(), [("worker", "1-2")])])
    #expect(
      text.text == #"""
        # HELP x_odd_total A \\ and\na line.
        # TYPE x_odd_total counter
        x_odd_total{worker="1-2",route="a\"b\\c\nd"} 1.5

        """#)
  }

  @Test func `a histogram is cumulative and ends with infinity`() {
    struct Subject {}
    var histogram = DurationHistogram(bounds: [0.5, 2])
    histogram.counts = [3, 0, 1]
    histogram.sum = 4_500_000_000
    let figure = Metric<Subject>("time_seconds", nil, .histogram, .seconds, "T.") { [histogram] _ in
      [MetricSample(value: .histogram(histogram))]
    }
    var text = PrometheusText()
    text.write(figure, prefix: "", of: [(Subject(), [])])
    #expect(
      text.text == """
        # HELP time_seconds T.
        # TYPE time_seconds histogram
        time_seconds_bucket{le="0.5"} 3
        time_seconds_bucket{le="2"} 3
        time_seconds_bucket{le="+Inf"} 4
        time_seconds_sum 4.5
        time_seconds_count 4

        """)
  }

  @Test func `every figure has a name of its own`() {
    let keys = [Metric<PoolSnapshot>.store.map(\.key), Metric<PoolSnapshot>.pool.map(\.key), Metric<WorkerSnapshot>.worker.map(\.key)]
    for keys in keys { #expect(Set(keys).count == keys.count) }
    let metrics = zip(["store_", "", "worker_"], keys).flatMap { prefix, keys in keys.map { prefix + $0 } }
    #expect(Set(metrics).count == metrics.count)
  }
}
