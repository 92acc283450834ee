import ArgumentParser

/// Options for the address that `serve` listens on and for the number of workers.
struct ListeningOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.host.help) var host: String?
  @Option(help: Setting.port.help) var port: String?
  @Option(help: Setting.workers.help) var workers: String?
  @Option(help: Setting.trustedHosts.help) var trustedHosts: String?

  var flags: [(Setting, String?)] { [(.host, host), (.port, port), (.workers, workers), (.trustedHosts, trustedHosts)] }
}
