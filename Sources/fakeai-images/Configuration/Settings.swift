import ImageGeneration
import Limits
import Logging
import OpenAIAPI
import Simulation

/// The settings of one process. Flags override the environment, which overrides the defaults below. ``table`` has the name and the syntax of
/// each setting.
///
/// The initial value of a property is its default.
struct Settings: Sendable, Equatable {
  /// Whether images are drawn. If false, the API returns URLs that lead nowhere.
  var generatesActualImages = true
  var imageStorageBackend = StorageBackend.memory
  /// The directory of images on disk; nil unless images are on disk.
  var imageStorePath: String?
  /// Where Redis is; nil unless images are in Redis.
  var redisURL: RedisAddress?
  /// How many replicas must have an image before it is acknowledged.
  var redisReplicas = 0
  /// How long a command may take.
  var redisTimeout = Duration.seconds(1)
  /// What the names of all keys begin with: 1–64 of `[A-Za-z0-9:._-]`.
  var redisPrefix = "fakeai:"
  /// This host's name among those that share Redis; nil: the machine's.
  var hostName: String?
  /// How long an image can be fetched, in hours; 0 < hours ≤ 168.
  var imageRetentionHours = 1.0
  /// Bytes that the store may have. In shared memory, they are reserved when its segment is created. nil: the usual size; that of shared memory
  /// is reduced by `serve` to what fits, see ``StoreFit``.
  var imageStoreSize: Int?
  var imageStoreFull = FullStorePolicy.evict
  /// Bytes that uploaded files and batches may have.
  var fileStoreSize = 64 << 20
  /// Bytes that stored responses, and the pictures that were sent to them, may have.
  var responseStoreSize = 32 << 20
  var unknownIDs = UnknownIDPolicy.refuse
  /// The name of the store, of which a machine can have several: 1–32 of `[a-z0-9-]`.
  var imageStoreName = "default"
  /// Base of the images' URLs, without a slash at its end; nil: from each request.
  var publicURL: String?
  var urlStyle = ImageURLStyle.plain
  /// Host names that /_fakeai and /metrics accept, besides addresses and the machine's own names.
  var trustedHosts: [String] = []
  /// The addresses that may use /_fakeai and /metrics, besides this machine's own.
  var insiders: [Network] = []
  var profile = Profile.fakeai
  /// nil: each model's own.
  var responseFormat: ResponseFormat?
  /// Path of a file of keys; nil: any key, or none, is accepted.
  var keys: String?
  /// Shared by all keys without a limit of their own; nil: no limit.
  var requestsPerMinute: Int?
  var imagesPerMinute: Int?
  var limitRefill = RefillPolicy.continuous
  /// How many recent requests `/_fakeai/requests` keeps; 0: none.
  var journalSize = 1000
  /// By default the number of processors that this process may use.
  var workers = min(Processors.available, 64)
  /// IPv4 or IPv6 addresses in their textual form, of which none covers another. There is at least one.
  var hosts = ["127.0.0.1"]
  /// 0: a free port that the kernel selects.
  var port: UInt16 = 8000
  /// Whether nginx speaks TLS; always if a certificate is set.
  var tls = false
  /// Paths of PEM files; nil: a certificate is made.
  var tlsCertificate: String?
  var tlsKey: String?
  /// Path of the directory that keeps the authority which signs certificates; nil: in the user's state directory.
  var tlsDirectory: String?
  /// Path of the file to which nginx logs each request, `-` for standard output; nil: requests are not logged.
  var accessLog: String?
  /// Path of the directory of nginx's site; nil: found relative to the program.
  var nginxDirectory: String?
  /// The simulated time to generate images.
  var latency = Latency.none
  /// Path of a file of rules; nil: none.
  var rules: String?
  /// Path of a directory of files that can be shown instead of drawn images; nil: none.
  var pictures: String?
  /// Path of a directory of templates, by which images can be drawn; nil: there are only those that are built in.
  var templates: String?
  /// The name of the template by which images are drawn for which nothing else is said; nil: the usual layout.
  var template: String?
  /// Whether a prompt may contain a directive with a fault or a latency.
  var readsPromptDirectives = true
  /// How long a batch takes from its creation to its completion, if its lines are done sooner.
  var batchTime = Duration.zero
  /// The addresses that events may be sent to, besides this machine's loopback.
  var webhookHosts: [Network] = []
  /// How long requests in flight may take after a worker, or the whole pool, is told to stop; nil: the usual time of each.
  var drainTime: Duration?
  /// How long `serve` keeps serving after it is told to stop, while /readyz already answers 503.
  var stopDelay = Duration.zero
  var logLevel = Logger.Level.info
  /// `YYYY-MM-DD HH:MM:SS` for the watermark; nil: the time of drawing.
  var imageTimestamp: String?
  /// Path of a font file; nil: the first usual one that exists.
  var font: String?

  var usesTLS: Bool { tls || tlsCertificate != nil || tlsKey != nil }

  /// The drain time of a worker that is replaced: nobody waits for it.
  var replacementDrainTime: Duration { drainTime ?? .seconds(30) }
  /// The drain time of the whole pool. With the 3 s that the end itself may take, this is the 10 s for which `docker stop` waits.
  var stopDrainTime: Duration { drainTime ?? .seconds(7) }

  static let usualStoreSize = 256 << 20
  static let usualDiskStoreSize = 1 << 30
  var storeSize: Int { imageStoreSize ?? (imageStorageBackend == .disk ? Self.usualDiskStoreSize : Self.usualStoreSize) }

  var imageRetention: Duration { .seconds(imageRetentionHours * 3600) }
}

/// Where images are stored.
enum StorageBackend: String, Sendable, CaseIterable {
  /// Memory that the workers share.
  case memory
  /// Files in a directory.
  case disk
  /// Redis, with memory that the workers of a host share in front.
  case redis
}

/// What happens to a new image if the store is full.
enum FullStorePolicy: String, Sendable, CaseIterable {
  /// The oldest images are removed to make room.
  case evict
  /// The request gets 507, so that a test can rely on every image that it was given.
  case refuse
}

/// What the API answers about a file, response or batch that it does not have.
enum UnknownIDPolicy: String, Sendable, CaseIterable {
  /// 404, as the real API does.
  case refuse
  /// An invented object of that ID, so that tests pass that were written for a mock that knows nothing.
  case invent
}
