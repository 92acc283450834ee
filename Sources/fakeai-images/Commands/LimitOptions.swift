import ArgumentParser

/// Who may use the API, and how much.
struct LimitOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.keys.help) var keys: String?
  @Option(help: Setting.requestsPerMinute.help) var requestsPerMinute: String?
  @Option(help: Setting.imagesPerMinute.help) var imagesPerMinute: String?
  @Option(help: Setting.limitRefill.help) var limitRefill: String?

  var flags: [(Setting, String?)] {
    [
      (.keys, keys), (.requestsPerMinute, requestsPerMinute), (.imagesPerMinute, imagesPerMinute), (.limitRefill, limitRefill),
    ]
  }
}
