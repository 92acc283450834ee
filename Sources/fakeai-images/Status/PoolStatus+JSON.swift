import Drawing
import ImageGeneration
import SharedMemory
import Staging

extension PoolStatus {
  /// For programs. The store's first three keys are those of the API's own statistics.
  var json: JSONText { .object([("store", storeJSON), ("workers", .array(workers.map(json(of:)))), ("scripts", scriptsJSON)]) }

  private var storeJSON: JSONText {
    .object([
      ("total_images", .integer(store.live)), ("total_size_bytes", .integer(store.bytesUsed)),
      ("total_size_mb", .decimal((Double(store.bytesUsed) / 1_048_576 * 100).rounded() / 100)), ("name", .string(storeName)),
      ("capacity_bytes", .integer(store.bytesTotal)), ("capacity_images", .integer(store.slotsTotal)),
      ("oldest_age_seconds", store.oldest.map { .decimal(age($0)) } ?? .null),
      ("newest_age_seconds", store.newest.map { .decimal(age($0)) } ?? .null), ("inserted", .integer(Int(store.inserted))),
      ("evicted", .integer(Int(store.evicted))), ("expired", .integer(Int(store.expired))),
      ("lock_owners_died", .integer(Int(store.lockOwnersDied))), ("reads_overtaken", .integer(Int(store.readsOvertaken))),
    ])
  }

  /// Null for a script that no font covers.
  private var scriptsJSON: JSONText {
    .object(scripts.map { ($0.name.lowercased(), $0.font.map { .string($0) } ?? .null) })
  }

  private func json(of worker: WorkerRecord) -> JSONText {
    .object([
      ("number", .integer(worker.number)), ("pid", .integer(Int(worker.processID))), ("uptime_seconds", .decimal(age(worker.started))),
      ("requests", .integer(Int(worker.counters[.requests, default: 0]))), ("drawn", .integer(Int(worker.counters[.drawn, default: 0]))),
      ("served", .integer(Int(worker.counters[.served, default: 0]))),
      ("refused", .integer(Int(worker.counters[.refused, default: 0]))),
    ])
  }
}
