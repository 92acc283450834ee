import Drawing
import Metrics

/// The output of `status`: a snapshot of the store and of the workers that share it.
struct PoolStatus {
  var storeName: String
  var moment: PoolSnapshot
  /// The scripts in which prompts can be written.
  var scripts: [ScriptCoverage]
}
