import ArgumentParser

/// Options for the drawing of every image, by a server or without one.
struct DrawingOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.imageTimestamp.help) var imageTimestamp: String?
  @Option(help: Setting.font.help, completion: Setting.font.completion) var font: String?

  var flags: [(Setting, String?)] { [(.imageTimestamp, imageTimestamp), (.font, font)] }
}
