import FastCGI
import ImageGeneration
import JSON

/// GET /_fakeai/stats: the seed's five figures, then all that the store and the workers count.
enum StatisticsEndpoint {
  static let get: Route.Endpoint = { service, _, _ throws(APIError) in
    let storage = service.generator.storageStatistics()
    return .now(
      .json(
        .object(
          [
            ("total_images", .integer(storage.totalImages)),
            ("total_size_bytes", .integer(storage.totalSizeBytes)),
            ("total_size_mb", .decimal(storage.totalSizeMB)),
            ("retention_hours", .decimal(storage.retentionHours)),
            ("backend", .string(storage.backend)),
          ] + service.snapshot.json)))
  }
}
