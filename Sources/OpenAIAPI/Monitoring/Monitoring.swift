import FastCGI
import ImageGeneration
package import ImageStore
import JSON
package import Metrics
import Simulation
import Synchronization
package import SystemCalls

/// /healthz: the worker's event loop runs. /readyz: the worker can also store and serve images, and will not stop soon.
enum HealthEndpoint {
  static let alive: Route.Serve = { _ throws(APIError) in .respond(.json(.object([("status", .string("ok"))]))) }

  static let ready: Route.Serve = { context throws(APIError) in
    guard !context.service.isLeaving.load(ordering: .relaxed) else { throw .stopping }
    switch context.service.generator.store.health {
    case .ready: return .respond(.json(.object([("status", .string("ready"))])))
    case .unavailable(let reason): throw APIError(.unavailable(reason))
    case .lost: throw APIError(.removed)
    }
  }
}

/// GET /metrics: every metric in Prometheus' format. All workers return the same.
enum MetricsEndpoint {
  static let get: Route.Serve = { context throws(APIError) in
    let snapshot = context.service.snapshot
    var text = PrometheusText()
    for metric in Metric.store { text.write(metric, prefix: "fakeai_store_", of: [(snapshot, [])]) }
    for metric in Metric.pool { text.write(metric, prefix: "fakeai_", of: [(snapshot, [])]) }
    let workers = snapshot.workerSnapshots.map { ($0, [("worker", "\($0.worker.number)-\($0.worker.processID)")]) }
    for metric in Metric.worker { text.write(metric, prefix: "fakeai_worker_", of: workers) }
    return .respond(Response(headers: [("Content-Type", PrometheusText.contentType)], body: Array(text.text.utf8)))
  }
}

/// GET /_fakeai/stats: the five numbers of the legacy program, then the metrics of the store and the workers.
enum StatisticsEndpoint {
  static let get: Route.Serve = { context throws(APIError) in .respond(.json(.object(context.service.statistics))) }
}

extension APIService {
  /// The route names by which responses are counted.
  package static var routeNames: [String] { Route.all.map(\.path) }

  /// What /_fakeai/stats says.
  var statistics: [JSONMember] {
    let storage = generator.storageStatistics()
    return [
      ("total_images", .integer(storage.totalImages)),
      ("total_size_bytes", .integer(storage.totalSizeBytes)),
      ("total_size_mb", .decimal(storage.totalSizeMB)),
      ("retention_hours", .decimal(storage.retentionHours)),
      ("backend", .string(storage.backend)),
      ("hosts", .array(rules.hosts.map { .object([("name", .string($0.name))]) })),
    ] + snapshot.json
  }

  /// A snapshot of the store and of all workers.
  var snapshot: PoolSnapshot {
    PoolSnapshot(store: generator.store.statistics, totals: scoreboard.totals(), workers: scoreboard.workers(), now: clock.now())
  }

  /// Number of images that this worker drew. It shows that a long job makes progress.
  package var imagesDrawn: UInt64 { scoreboard.counted(.drawn) }

  package var storeHealth: StoreHealth { generator.store.health }

  /// Publishes this worker's state to the other workers.
  package func enter(_ state: WorkerState) { scoreboard.enter(state) }

  package func show(pool: UInt64) { scoreboard.show(pool: pool) }

  package func show(stallSince instant: Instant?) { scoreboard.show(stallSince: instant) }

  package func show(reachesRedis: Bool, _ counts: [WorkerCounter: UInt64]) { scoreboard.show(reachesRedis: reachesRedis, counts) }

  package func show(inFlight: Int, deferred: Int, streams: Int) {
    scoreboard.show(inFlight: inFlight, deferred: deferred, streams: streams)
    isWatched.store(scoreboard.hasStreams, ordering: .relaxed)
  }
}
