import ArgumentParser

/// Options for latency, faults and draining.
struct StagingOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.latency.help) var latency: String?
  @Option(help: Setting.rules.help, completion: Setting.rules.completion) var rules: String?
  @Option(help: Setting.promptDirectives.help, completion: Setting.promptDirectives.completion) var promptDirectives: String?
  @Option(help: Setting.drainTime.help) var drainTime: String?

  var flags: [(Setting, String?)] {
    [(.latency, latency), (.rules, rules), (.promptDirectives, promptDirectives), (.drainTime, drainTime)]
  }
}
