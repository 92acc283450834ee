import Drawing
import ImageGeneration
import ImagesAPI
import JSON

extension PoolStatus {
  /// For programs: the figures as /_fakeai/stats has them, and the scripts.
  var json: JSONText { .object([("name", .string(storeName))] + moment.json + [("scripts", scriptsJSON)]) }

  /// Null for a script that no font covers.
  private var scriptsJSON: JSONText {
    .object(scripts.map { ($0.name.lowercased(), $0.font.map { .string($0) } ?? .null) })
  }
}
