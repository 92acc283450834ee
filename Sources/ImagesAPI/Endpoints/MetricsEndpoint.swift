import FastCGI
import Metrics

/// GET /metrics: every figure, as Prometheus reads them. The same from any worker.
enum MetricsEndpoint {
  static let get: Route.Endpoint = { service, _, _ throws(APIError) in
    let snapshot = service.snapshot
    var metrics = PrometheusText()
    for figure in Metric.store { metrics.write(figure, prefix: "fakeai_store_", of: [(snapshot, [])]) }
    for figure in Metric.pool { metrics.write(figure, prefix: "fakeai_", of: [(snapshot, [])]) }
    let workers = snapshot.workerSnapshots.map { ($0, [("worker", "\($0.worker.number)-\($0.worker.processID)")]) }
    for figure in Metric.worker { metrics.write(figure, prefix: "fakeai_worker_", of: workers) }
    return .now(Response(headers: [("Content-Type", PrometheusText.contentType)], body: Array(metrics.text.utf8)))
  }
}
