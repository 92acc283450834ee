import ArgumentParser

/// Options for the images that a worker makes and keeps, for its profile and its log.
struct ImageOptions: ParsableArguments, SettingOptions {
  @Flag(inversion: .prefixedNo, help: Setting.generateActualImages.help) var generateActualImages: Bool?
  @Option(help: Setting.imageStorageBackend.help, completion: Setting.imageStorageBackend.completion) var imageStorageBackend: String?
  @Option(help: Setting.imageRetentionHours.help) var imageRetentionHours: String?
  @Option(help: Setting.imageStoreSize.help) var imageStoreSize: String?
  @Option(help: Setting.imageStoreFull.help, completion: Setting.imageStoreFull.completion) var imageStoreFull: String?
  @Option(name: .customLong("public-url"), help: Setting.publicURL.help) var publicURL: String?
  @Option(help: Setting.profile.help, completion: Setting.profile.completion) var profile: String?
  @Option(help: Setting.logLevel.help, completion: Setting.logLevel.completion) var logLevel: String?

  var flags: [(Setting, String?)] {
    [
      (.generateActualImages, generateActualImages.map { String($0) }), (.imageStorageBackend, imageStorageBackend),
      (.imageRetentionHours, imageRetentionHours), (.imageStoreSize, imageStoreSize), (.imageStoreFull, imageStoreFull),
      (.publicURL, publicURL), (.profile, profile), (.logLevel, logLevel),
    ]
  }
}
