import ArgumentParser

/// Which store is meant.
struct StoreOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.imageStoreName.help) var imageStoreName: String?

  var flags: [(Setting, String?)] { [(.imageStoreName, imageStoreName)] }
}
