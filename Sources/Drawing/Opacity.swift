/// How much an ink hides of what lies under it, in steps of 1/256.
struct Opacity: Sendable, Hashable, Comparable {
  /// 0 (invisible) to 256 (opaque), so that blending divides by a shift.
  let of256: UInt16

  /// - Parameter share: 0 (invisible) to 1 (opaque); what lies outside counts as the nearer end.
  init(_ share: Float) {
    of256 = UInt16((min(max(share, 0), 1) * 256).rounded())
  }

  static let opaque = Opacity(1)

  var share: Float { Float(of256) / 256 }

  static func < (one: Opacity, other: Opacity) -> Bool { one.of256 < other.of256 }
}
