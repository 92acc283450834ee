import Drawing
import ImageGeneration
import ImagesAPI
import JSON

extension PoolStatus {
  /// The metrics of /_fakeai/stats and the scripts, for programs.
  var json: JSONText { .object([("name", .string(storeName))] + moment.json + [("scripts", scriptsJSON)]) }

  /// Null for a script that no font covers.
  private var scriptsJSON: JSONText {
    .object(scripts.map { ($0.name.lowercased(), $0.font.map { .string($0) } ?? .null) })
  }
}
