import FoundationEssentials
import ImagesAPI
import Limits
import Logging
import Simulation

/// What one process is told at its start. Flags win over the environment, the environment over the defaults that stand here;
/// ``table`` says how each value is named and written.
///
/// The initial value of a property is its default.
struct Settings: Sendable, Equatable {
  /// Whether pictures are drawn; otherwise the API answers with addresses at which nothing can be fetched.
  var generatesActualImages = true
  var imageStorageBackend = StorageBackend.memory
  /// How long a picture can be fetched, in hours; 0 < hours ≤ 168.
  var imageRetentionHours = 1.0
  /// Bytes reserved for the store when its segment is created.
  var imageStoreSize = 256 << 20
  var imageStoreFull = FullStorePolicy.evict
  /// Which of several stores of one machine, 1–32 of `[a-z0-9-]`.
  var imageStoreName = "default"
  /// Base of the addresses of pictures, without a slash at its end; nil: from each request.
  var publicURL: String?
  /// Names under which /_fakeai and /metrics can be asked for, besides addresses and the machine's own names.
  var trustedHosts: [String] = []
  var profile = Profile.fakeai
  /// Path of a file of keys; nil: any key is taken, and none as well.
  var keys: String?
  /// For all keys together that have no limit of their own; nil: as many as come.
  var requestsPerMinute: Int?
  var imagesPerMinute: Int?
  var limitRefill = RefillPolicy.continuous
  /// How many of the last requests `/_fakeai/requests` tells; 0: none are kept.
  var journalSize = 1000
  /// As many as this process may use processors at once.
  var workers = min(ProcessInfo.processInfo.activeProcessorCount, 64)
  /// An IPv4 or IPv6 address in its textual form.
  var host = "127.0.0.1"
  /// 0: whichever port the kernel has free.
  var port: UInt16 = 8000
  /// How long images seem to take.
  var latency = Latency.none
  /// Path of a file of rules; nil: none.
  var rules: String?
  /// Whether a prompt may say how its answer is to behave.
  var readsPromptDirectives = true
  /// How long requests in flight may take after a worker was told to stop.
  var drainTime = Duration.seconds(30)
  var logLevel = Logger.Level.info
  /// `YYYY-MM-DD HH:MM:SS` for the watermark; nil: the time of drawing.
  var imageTimestamp: String?
  /// Path of a font file; nil: the first usual one that exists.
  var font: String?

  var imageRetention: Duration { .seconds(imageRetentionHours * 3600) }
}

/// Where pictures are kept.
enum StorageBackend: String, Sendable, CaseIterable {
  case memory
}

/// What happens to a picture for which the store has no room.
enum FullStorePolicy: String, Sendable, CaseIterable {
  /// The oldest pictures make room.
  case evict
  /// It is answered with 507, so that a test can count on every picture it was given.
  case refuse
}
