import FastCGI
import ImageGeneration
import ImageStore
import SharedMemory
import Staging

/// GET /_fakeai/stats: the seed's five figures, then all that the store and the workers count.
enum StatisticsEndpoint {
  static let get: Route.Endpoint = { service, _, _ throws(APIError) in
    let storage = service.generator.storageStatistics()
    return .now(
      .json(
        .object([
          ("total_images", .integer(storage.totalImages)),
          ("total_size_bytes", .integer(storage.totalSizeBytes)),
          ("total_size_mb", .decimal(storage.totalSizeMB)),
          ("retention_hours", .decimal(storage.retentionHours)),
          ("backend", .string(storage.backend)),
          ("store", json(service.generator.store.statistics)),
          ("workers", .array(service.scoreboard.workers().map(json))),
        ])))
  }

  private static func json(_ ring: RingStatistics) -> JSONText {
    .object([
      ("bytes_total", .integer(ring.bytesTotal)), ("bytes_free", .integer(ring.bytesTotal - ring.bytesUsed)),
      ("slots_total", .integer(ring.slotsTotal)), ("inserted", .integer(Int(ring.inserted))), ("evicted", .integer(Int(ring.evicted))),
      ("expired", .integer(Int(ring.expired))), ("lock_owners_died", .integer(Int(ring.lockOwnersDied))),
      ("reads_overtaken", .integer(Int(ring.readsOvertaken))),
    ])
  }

  private static func json(_ worker: WorkerRecord) -> JSONText {
    .object([
      ("number", .integer(worker.number)), ("pid", .integer(Int(worker.processID))),
      ("requests", count(worker, .requests)), ("images_drawn", count(worker, .drawn)), ("images_served", count(worker, .served)),
      ("errors", count(worker, .refused)),
    ])
  }

  private static func count(_ worker: WorkerRecord, _ counter: WorkerCounter) -> JSONText {
    .integer(Int(worker.counters[counter] ?? 0))
  }
}
