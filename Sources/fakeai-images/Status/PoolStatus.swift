import Drawing
import Metrics

/// What `status` shows: a moment of the store and of the workers that share it.
struct PoolStatus {
  var storeName: String
  var moment: PoolSnapshot
  /// What prompts can be written in.
  var scripts: [ScriptCoverage]
}
