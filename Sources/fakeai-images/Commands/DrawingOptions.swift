import ArgumentParser

/// What every picture has, whoever asks for it.
struct DrawingOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.imageTimestamp.help) var imageTimestamp: String?
  @Option(help: Setting.font.help, completion: Setting.font.completion) var font: String?

  var flags: [(Setting, String?)] { [(.imageTimestamp, imageTimestamp), (.font, font)] }
}
