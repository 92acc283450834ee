import ArgumentParser

/// Options for API keys, rate limits and the request journal.
struct LimitOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.keys.help, completion: Setting.keys.completion) var keys: String?
  @Option(help: Setting.requestsPerMinute.help) var requestsPerMinute: String?
  @Option(help: Setting.imagesPerMinute.help) var imagesPerMinute: String?
  @Option(help: Setting.limitRefill.help, completion: Setting.limitRefill.completion) var limitRefill: String?
  @Option(help: Setting.journalSize.help) var journalSize: String?

  var flags: [(Setting, String?)] {
    [
      (.keys, keys), (.requestsPerMinute, requestsPerMinute), (.imagesPerMinute, imagesPerMinute), (.limitRefill, limitRefill),
      (.journalSize, journalSize),
    ]
  }
}
