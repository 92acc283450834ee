import Drawing

/// What one picture costs.
struct PictureCost {
  /// Nil in standard quality.
  let pattern: Pattern?
  /// Nil in standard quality.
  let direction: Gradient.Direction?
  /// Milliseconds to draw it.
  var draw = 0.0
  /// Milliseconds to make a PNG of it.
  var encode = 0.0
  /// Milliseconds to read each byte of the canvas once: what no encoder can be faster than.
  var read = 0.0
  /// Milliseconds that libpng takes to make a PNG of it.
  var libpng = 0.0
  /// Bytes of the PNG.
  var bytes = 0
  /// Bytes of libpng's PNG.
  var libpngBytes = 0

  init(of placeholder: Placeholder) {
    pattern = placeholder.pattern
    if case .gradient(let gradient) = placeholder.background { direction = gradient.direction } else { direction = nil }
  }

  var json: String {
    """
    {"pattern": "\(pattern?.rawValue ?? "")", "gradient": "\(direction.map { "\($0)" } ?? "")", \
    "draw": \(draw), "encode": \(encode), "read": \(read), "libpng": \(libpng), "bytes": \(bytes), "libpng_bytes": \(libpngBytes)}
    """
  }
}
