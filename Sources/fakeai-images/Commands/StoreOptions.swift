import ArgumentParser

/// The option that names the store.
struct StoreOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.imageStoreName.help) var imageStoreName: String?

  var flags: [(Setting, String?)] { [(.imageStoreName, imageStoreName)] }
}
