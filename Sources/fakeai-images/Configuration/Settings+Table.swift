import JSON
import Journal
import Limits
import Simulation

extension Settings {
  /// Every setting, in the order in which people look for them.
  static let table: [Setting] = [
    .host, .port, .workers, .generateActualImages, .imageStorageBackend, .imageRetentionHours, .imageStoreSize, .imageStoreFull,
    .imageStoreName, .publicURL, .trustedHosts, .profile, .keys, .requestsPerMinute, .imagesPerMinute, .limitRefill, .journalSize, .latency,
    .rules,
    .promptDirectives, .drainTime, .imageTimestamp, .font, .logLevel,
  ]
}

extension Setting {
  static let host = Setting("FAKEAI_HOST", \.host, .address, "Address to listen on.")
  static let port = Setting("FAKEAI_PORT", \.port, .integer(0...65535, zero: "any free port"), "Port to listen on; 0 takes a free one.")
  static let workers = Setting(
    "FAKEAI_WORKERS", \.workers, .integer(1...64), defaultText: "one for each core", "How many worker processes answer.")

  static let generateActualImages = Setting(
    "FAKEAI_GENERATE_ACTUAL_IMAGES", \.generatesActualImages, .boolean, "Draw pictures, or answer with addresses of none.")
  static let imageStorageBackend = Setting(
    "FAKEAI_IMAGE_STORAGE_BACKEND", \.imageStorageBackend, .choice("backend", remark: " (disk and redis are not there yet)"),
    "Where pictures are kept: memory shared by the workers.")
  static let imageRetentionHours = Setting(
    "FAKEAI_IMAGE_RETENTION_HOURS", \.imageRetentionHours, .positive(upTo: 168, of: "hours"),
    "Hours for which a picture can be fetched.")
  static let imageStoreSize = Setting(
    "FAKEAI_IMAGE_STORE_SIZE", \.imageStoreSize, .byteCount(1 << 20...64 << 30), "Shared memory for pictures, such as 64M or 1G.")
  static let imageStoreFull = Setting(
    "FAKEAI_IMAGE_STORE_FULL", \.imageStoreFull, .choice("policy"), "When it is full: evict the oldest picture, or refuse the new one.")
  static let imageStoreName = Setting(
    "FAKEAI_IMAGE_STORE_NAME", \.imageStoreName, .storeName, "Which store, where one machine has several.")

  static let publicURL = Setting(
    "FAKEAI_PUBLIC_URL", \.publicURL, .baseURL, defaultText: "from each request", "Base of the addresses of pictures.")
  static let trustedHosts = Setting(
    "FAKEAI_TRUSTED_HOSTS", \.trustedHosts, .hostNames, defaultText: "none",
    "Host names besides localhost and the machine's own that /_fakeai and /metrics answer to, separated by commas.")
  static let profile = Setting(
    "FAKEAI_PROFILE", \.profile, .choice("profile"),
    "Whose rules apply: all that was ever allowed, today's API, or that of the DALL-E models.")
  static let keys = Setting(
    "FAKEAI_KEYS", \.keys, .path, defaultText: "any key or none", "JSON file of the keys that are taken, and how each stands.")
  static let requestsPerMinute = Setting(
    "FAKEAI_REQUESTS_PER_MINUTE", \.requestsPerMinute, .integer(Keyring.perMinute), defaultText: "no limit",
    "Requests for images a minute, of all keys without a limit of their own.")
  static let imagesPerMinute = Setting(
    "FAKEAI_IMAGES_PER_MINUTE", \.imagesPerMinute, .integer(Keyring.perMinute), defaultText: "no limit",
    "Images a minute, of all keys without a limit of their own.")
  static let limitRefill = Setting(
    "FAKEAI_LIMIT_REFILL", \.limitRefill, .choice("policy"),
    "How limits refill: continuous, as the real API's, or all at once after a minute.")
  static let journalSize = Setting(
    "FAKEAI_JOURNAL_SIZE", \.journalSize, .integer(0...Journal.largestSize, zero: "none"),
    "How many of the last requests /_fakeai/requests tells; 4 KiB of shared memory each.")
  static let imageTimestamp = Setting(
    "FAKEAI_IMAGE_TIMESTAMP", \.imageTimestamp, .timestamp, defaultText: "now",
    "Time in the watermark, as \"YYYY-MM-DD HH:MM:SS\".")
  static let font = Setting(
    "FAKEAI_FONT", \.font, .path, defaultText: "the first usual one found", "Font file for the text in pictures.")
  static let latency = Setting("FAKEAI_LATENCY", \.latency, .latency, "How long images seem to take.")
  static let rules = Setting(
    "FAKEAI_RULES", \.rules, .path, defaultText: "none", "JSON file of rules: which answers are late or wrong.")
  static let promptDirectives = Setting(
    "FAKEAI_PROMPT_DIRECTIVES", \.readsPromptDirectives, .boolean, "Obey [[fakeai fault=... latency=...]] in prompts, or draw it.")
  static let drainTime = Setting(
    "FAKEAI_DRAIN_TIME", \.drainTime, .duration(upTo: Latency.longest), "How long a worker that is replaced may finish what it has.")
  static let logLevel = Setting(
    "FAKEAI_LOG_LEVEL", \.logLevel, .choice("level"), "Least severe level to log: trace, debug, info, notice, warning, error, critical.")
}
