import Drawing

/// Which sizes may be asked for.
struct SizeRule {
  /// Sizes by name, the models' usual ones.
  var named: [String]
  /// What `auto` stands for.
  var automatic: PictureSize
  /// Whether sizes beside the named ones are legal by gpt-image-2's rules.
  var allowsCustom: Bool

  /// The `fakeai` profile: every size of every model, for every model.
  static let fakeai = SizeRule(
    named: ["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792", "1536x1024", "1024x1536"],
    automatic: PictureSize(width: 1024, height: 1024)!, allowsCustom: true)

  /// The size of that name.
  func size(_ name: String) throws(APIError) -> PictureSize {
    if name == "auto" { return automatic }
    guard let size = PictureSize(name), named.contains(name) || allowsCustom && Self.isLegalCustom(size) else {
      throw .unsupportedSize(name, supported: supported)
    }
    return size
  }

  /// gpt-image-2's rules: sides divisible by 16 and at most 3840, at most 3:1, 655,360 to 8,294,400 pixels.
  static func isLegalCustom(_ size: PictureSize) -> Bool {
    let long = max(size.width, size.height)
    let short = min(size.width, size.height)
    return size.width % 16 == 0 && size.height % 16 == 0 && long <= 3840 && long <= 3 * short
      && (655_360...8_294_400).contains(size.width * size.height)
  }

  private var supported: String {
    let custom =
      "any WIDTHxHEIGHT with sides divisible by 16, no longer than 3840 and no more than 3:1, and 655360 to 8294400 pixels"
    return (named + ["auto"]).joined(separator: ", ") + (allowsCustom ? ", and \(custom)" : "")
  }
}
