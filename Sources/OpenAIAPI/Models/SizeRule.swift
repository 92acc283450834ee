import Drawing

/// The sizes that a model accepts, and how it refuses others.
struct SizeRule: Sendable {
  /// Sizes by name, in the order of the error message.
  var named: [String] = []
  /// Whether `auto` is accepted.
  var takesAuto = true
  /// Whether other sizes are accepted too, if they follow gpt-image-2's rules.
  var takesCustom = false
  var refusal = Refusal.list

  enum Refusal: Sendable {
    /// Lists the supported sizes.
    case list
    /// Reports the first of the ``criteria`` that is not met.
    case criterion
    /// Uses DALL·E's wording, which names no sizes.
    case dallE
  }

  static let dallE2 = SizeRule(named: ["256x256", "512x512", "1024x1024"], takesAuto: false, refusal: .dallE)
  static let dallE3 = SizeRule(named: ["1024x1024", "1792x1024", "1024x1792"], takesAuto: false, refusal: .dallE)
  static let gptImage1 = SizeRule(named: ["1024x1024", "1024x1536", "1536x1024"])
  static let gptImage2 = SizeRule(takesCustom: true, refusal: .criterion)
  /// Every size of every model.
  static let any = SizeRule(
    named: ["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792", "1536x1024", "1024x1536"], takesCustom: true)

  /// The size of `auto`.
  static let automatic = PictureSize(width: 1024, height: 1024)!

  /// The size if the request has none.
  var absent: String { takesAuto ? "auto" : "1024x1024" }

  /// The size of that name.
  ///
  /// - Parameter isLenient: whether sizes count that other servers take, see ``LenientSize``.
  func size(_ name: String, isLenient: Bool = false) throws(APIError) -> PictureSize {
    if isLenient {
      guard let size = LenientSize.size(name) else { throw .unsupportedSize(name, why: LenientSize.rule) }
      return size
    }
    if name == "auto", takesAuto { return Self.automatic }
    if named.contains(name), let size = PictureSize(name) { return size }
    let violation = takesCustom ? Self.violation(of: name) : nil
    if takesCustom, violation == nil, let size = PictureSize(name) { return size }
    switch refusal {
    case .list: throw .unsupportedSize(name, why: "Supported sizes are \(list).")
    case .criterion: throw .unsupportedSize(name, why: violation ?? Self.shape)
    case .dallE: throw .unsupportedSizeOfDALLE
    }
  }

  /// The size after the given one in the order of the model's sizes, which begins again after the last; the first if the size is not among
  /// them. Nil if the model has no other size.
  func other(than size: PictureSize) -> PictureSize? {
    // A model of any size has the usual ones too.
    let all = (named.isEmpty ? Self.gptImage1.named : named).compactMap { PictureSize($0) }
    let next = all.firstIndex(of: size).map { all[($0 + 1) % all.count] } ?? all.first
    return next == size ? nil : next
  }

  private static let shape = "Expected WIDTHxHEIGHT, for example '1824x1024'."

  /// The rules of gpt-image-2, in the order in which they are checked.
  private static let criteria: [(message: String, isMet: @Sendable (_ width: Int, _ height: Int) -> Bool)] = [
    ("Width and height must both be divisible by 16.", { $0 % 16 == 0 && $1 % 16 == 0 }),
    ("The longest edge must be less than or equal to 3840.", { max($0, $1) <= 3840 }),
    ("Long-edge to short-edge ratio must be less than or equal to 3:1.", { max($0, $1) <= 3 * min($0, $1) }),  // [U]
    ("Requested resolution is below the current minimum pixel budget.", { $0 * $1 >= 655_360 }),
    ("Requested resolution exceeds the current pixel budget.", { $0 * $1 <= 8_294_400 }),
  ]

  private static func violation(of name: String) -> String? {
    guard let (width, height) = sides(name) else { return shape }
    return criteria.first { !$0.isMet(width, height) }?.message
  }

  /// `WIDTHxHEIGHT` in decimal digits, each from 1 to 999,999.
  private static func sides(_ name: String) -> (width: Int, height: Int)? {
    guard let match = name.wholeMatch(of: /([1-9][0-9]{0,5})x([1-9][0-9]{0,5})/) else { return nil }
    return (Int(match.output.1)!, Int(match.output.2)!)
  }

  /// `1024x1024, 1024x1536, and auto`.
  private var list: String {
    let custom =
      "any WIDTHxHEIGHT with sides divisible by 16, no longer than 3840 and no more than 3:1, and 655360 to 8294400 pixels"
    let all = named + (takesAuto ? ["auto"] : []) + (takesCustom ? [custom] : [])
    return all.dropLast().joined(separator: ", ") + ", and " + all[all.count - 1]
  }
}
