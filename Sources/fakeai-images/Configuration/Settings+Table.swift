import ImageGeneration
import JSON
import Journal
import Limits
import Simulation

extension Settings {
  /// Every setting, in the order in which users look for them.
  static let table: [Setting] = [
    .host, .port, .workers, .generateActualImages, .imageStorageBackend, .imageStorePath, .redisURL, .redisReplicas, .redisTimeout,
    .redisPrefix, .hostName, .imageRetentionHours, .imageStoreSize, .imageStoreFull, .fileStoreSize, .responseStoreSize, .imageStoreName,
    .unknownIDs, .publicURL, .urlStyle,
    .trustedHosts, .insiders, .profile, .responseFormat, .keys, .requestsPerMinute, .imagesPerMinute, .limitRefill, .journalSize,
    .latency, .rules, .pictures, .templates, .template, .promptDirectives, .batchTime, .webhookHosts, .drainTime, .stopDelay,
    .imageTimestamp, .font, .logLevel, .tls, .tlsCertificate, .tlsKey, .tlsDirectory, .accessLog, .nginxDirectory,
  ]
}

extension Setting {
  static let host = Setting(
    "FAKEAI_HOST", \.hosts, .addresses, "Address to listen on; several are separated by commas. :: is every address, of IPv4 too.")
  static let port = Setting("FAKEAI_PORT", \.port, .integer(0...65535, zero: "any free port"), "Port to listen on; 0 selects a free port.")
  static let workers = Setting(
    "FAKEAI_WORKERS", \.workers, .integer(1...64), defaultText: "one for each processor", "Number of worker processes.")

  static let generateActualImages = Setting(
    "FAKEAI_GENERATE_ACTUAL_IMAGES", \.generatesActualImages, .boolean, "Draw images; if false, return made-up URLs.")
  static let imageStorageBackend = Setting(
    "FAKEAI_IMAGE_STORAGE_BACKEND", \.imageStorageBackend, .choice("backend"),
    "Where images are stored: in memory that the workers share, in files on disk, or in Redis for several hosts.")
  static let imageStorePath = Setting(
    "FAKEAI_IMAGE_STORE_PATH", \.imageStorePath, .directoryPath, defaultText: "none; required for images on disk",
    "Directory of images on disk; created if its parent exists.")
  static let redisURL = Setting(
    "FAKEAI_REDIS_URL", \.redisURL, .redisURL, defaultText: "none; required for images in Redis",
    "Redis for all that several hosts share, such as redis://10.1.2.3:6379.")
  static let redisReplicas = Setting(
    "FAKEAI_REDIS_REPLICAS", \.redisReplicas, .integer(0...10, zero: "none"),
    "Number of Redis's replicas that must have an image, file, response or batch before it is acknowledged.")
  static let redisTimeout = Setting(
    "FAKEAI_REDIS_TIMEOUT", \.redisTimeout, .duration(from: .milliseconds(50), upTo: .seconds(60)),
    "How long a command to Redis may take before its request gets 503.")
  static let redisPrefix = Setting(
    "FAKEAI_REDIS_PREFIX", \.redisPrefix, .keyPrefix, "Beginning of the names of all keys in Redis.")
  static let hostName = Setting(
    "FAKEAI_HOST_NAME", \.hostName, .hostName, defaultText: "the machine's name",
    "Name of this host among those that share Redis; no two may have the same.")
  static let imageRetentionHours = Setting(
    "FAKEAI_IMAGE_RETENTION_HOURS", \.imageRetentionHours, .positive(upTo: 168, of: "hours"),
    "Hours for which an image can be fetched.")
  static let imageStoreSize = Setting(
    "FAKEAI_IMAGE_STORE_SIZE", \.imageStoreSize, .byteCount(1 << 20...64 << 30),
    defaultText: "256M of memory, or less if that does not fit; 1G on disk",
    "Memory or disk space for images, such as 64M or 1G.")
  static let imageStoreFull = Setting(
    "FAKEAI_IMAGE_STORE_FULL", \.imageStoreFull, .choice("policy"), "When the store is full: evict the oldest image, or refuse new ones.")
  static let fileStoreSize = Setting(
    "FAKEAI_FILE_STORE_SIZE", \.fileStoreSize, .byteCount(1 << 20...64 << 30),
    "Space for uploaded files and batches in memory, on disk or in Redis; when it is full, new ones are refused.")
  static let responseStoreSize = Setting(
    "FAKEAI_RESPONSE_STORE_SIZE", \.responseStoreSize, .byteCount(1 << 20...64 << 30),
    "Space for stored responses, which are kept as long as images; when it is full, the oldest are evicted.")
  static let unknownIDs = Setting(
    "FAKEAI_UNKNOWN_IDS", \.unknownIDs, .choice("policy"),
    "A file, response or batch that does not exist: refuse it with 404, or invent it.")
  static let imageStoreName = Setting(
    "FAKEAI_IMAGE_STORE_NAME", \.imageStoreName, .storeName, "Name of the store; a machine can have several.")

  static let publicURL = Setting(
    "FAKEAI_PUBLIC_URL", \.publicURL, .baseURL, defaultText: "from each request", "Base URL of the images.")
  static let urlStyle = Setting(
    "FAKEAI_URL_STYLE", \.urlStyle, .choice("style"),
    "Form of image URLs: plain, or signed and valid for an hour like the real API's.")
  static let trustedHosts = Setting(
    "FAKEAI_TRUSTED_HOSTS", \.trustedHosts, .hostNames, defaultText: "none",
    "Host names that /_fakeai and /metrics accept besides localhost and the machine's own, separated by commas.")
  static let insiders = Setting(
    "FAKEAI_INSIDERS", \.insiders, .networks, defaultText: "none",
    "Addresses and networks that may use /_fakeai and /metrics besides this machine, separated by commas.")
  static let profile = Setting(
    "FAKEAI_PROFILE", \.profile, .choice("profile"),
    "API rules to apply: everything that was ever allowed, today's API, or the API of the DALL-E models.")
  static let responseFormat = Setting(
    "FAKEAI_RESPONSE_FORMAT", \.responseFormat, .choice("format"), defaultText: "url for DALL-E models, b64_json for all others",
    "What a request that names no response_format gets. Strict profiles answer as the API does.")
  static let keys = Setting(
    "FAKEAI_KEYS", \.keys, .path, defaultText: "any key or none", "JSON file of the accepted API keys and their states.")
  static let requestsPerMinute = Setting(
    "FAKEAI_REQUESTS_PER_MINUTE", \.requestsPerMinute, .integer(Keyring.perMinute), defaultText: "no limit",
    "Requests for images per minute, shared by all keys without a limit of their own.")
  static let imagesPerMinute = Setting(
    "FAKEAI_IMAGES_PER_MINUTE", \.imagesPerMinute, .integer(Keyring.perMinute), defaultText: "no limit",
    "Images per minute, shared by all keys without a limit of their own.")
  static let limitRefill = Setting(
    "FAKEAI_LIMIT_REFILL", \.limitRefill, .choice("policy"),
    "How limits refill: continuously, as in the real API, or all at once after a minute.")
  static let journalSize = Setting(
    "FAKEAI_JOURNAL_SIZE", \.journalSize, .integer(0...Journal.largestSize, zero: "none"),
    "Number of recent requests that /_fakeai/requests keeps; each takes 4 KiB of shared memory.")
  static let imageTimestamp = Setting(
    "FAKEAI_IMAGE_TIMESTAMP", \.imageTimestamp, .timestamp, defaultText: "now",
    "Time to show in the watermark, as \"YYYY-MM-DD HH:MM:SS\".")
  static let font = Setting(
    "FAKEAI_FONT", \.font, .path, defaultText: "the first usual one found", "Font file for the text in images.")
  static let latency = Setting("FAKEAI_LATENCY", \.latency, .latency, "Simulated time to generate images.")
  static let rules = Setting(
    "FAKEAI_RULES", \.rules, .path, defaultText: "none", "JSON file of rules: which responses are delayed or faulty.")
  static let pictures = Setting(
    "FAKEAI_PICTURES", \.pictures, .existingDirectory, defaultText: "none",
    "Directory of PNG, JPEG and WebP files that rules and requests can show instead of drawn images.")
  static let templates = Setting(
    "FAKEAI_TEMPLATES", \.templates, .existingDirectory, defaultText: "none",
    "Directory of JSON files of layouts by which rules and requests can have images drawn.")
  static let template = Setting(
    "FAKEAI_TEMPLATE", \.template, .templateName, defaultText: "none",
    "Name of the template by which images are drawn unless a request or a rule says otherwise.")
  static let promptDirectives = Setting(
    "FAKEAI_PROMPT_DIRECTIVES", \.readsPromptDirectives, .boolean, "Obey [[fakeai fault=... latency=...]] in prompts; if false, draw it.")
  static let batchTime = Setting(
    "FAKEAI_BATCH_TIME", \.batchTime, .duration(upTo: .seconds(86_400)),
    "How long a batch takes from its creation to its completion; 0s is as long as its lines take.")
  static let webhookHosts = Setting(
    "FAKEAI_WEBHOOK_HOSTS", \.webhookHosts, .networks, defaultText: "none",
    "Addresses and networks that webhooks may be sent to besides this machine's loopback, separated by commas.")
  static let drainTime = Setting(
    "FAKEAI_DRAIN_TIME", \.drainTime, .duration(upTo: Latency.longest), defaultText: "30s, or 7s when serve stops",
    "How long requests may take to finish when their worker is replaced, or when serve stops.")
  static let stopDelay = Setting(
    "FAKEAI_STOP_DELAY", \.stopDelay, .duration(upTo: Latency.longest),
    "How long serve keeps serving when told to stop, while /readyz already answers 503.")
  static let tls = Setting(
    "FAKEAI_TLS", \.tls, .boolean, "Serve HTTPS and HTTP/2 instead of HTTP, with a certificate that is made unless one is set.")
  static let tlsCertificate = Setting(
    "FAKEAI_TLS_CERTIFICATE", \.tlsCertificate, .path, defaultText: "one is made with openssl if needed",
    "PEM file of the certificate for HTTPS, with those between it and the root.")
  static let tlsKey = Setting("FAKEAI_TLS_KEY", \.tlsKey, .path, defaultText: "made with the certificate", "PEM file of its key.")
  static let tlsDirectory = Setting(
    "FAKEAI_TLS_DIRECTORY", \.tlsDirectory, .directoryPath, defaultText: "fakeai-images/tls in XDG_STATE_HOME or ~/.local/state",
    "Directory that keeps the certificate authority which signs certificates that are made.")
  static let accessLog = Setting(
    "FAKEAI_ACCESS_LOG", \.accessLog, .filePath, defaultText: "no log",
    "File to log each request to, as a line of JSON; - is standard output.")
  static let nginxDirectory = Setting(
    "FAKEAI_NGINX_DIRECTORY", \.nginxDirectory, .directoryPath, defaultText: "found relative to the program",
    "Directory of the nginx site.")
  static let logLevel = Setting(
    "FAKEAI_LOG_LEVEL", \.logLevel, .choice("level"), "Least severe level to log.")
}
