/// What one picture costs.
struct PictureTimes {
  /// Milliseconds to read each byte of the canvas once: what no encoder can be faster than.
  var read = 0.0
  /// Milliseconds.
  var draw = 0.0
  /// Milliseconds.
  var encode = 0.0
  /// Of 1000 bytes.
  var kilobytes = 0.0

  var json: String { #"{"read": \#(read), "draw": \#(draw), "encode": \#(encode), "kilobytes": \#(kilobytes)}"# }

  private static var fields: [WritableKeyPath<PictureTimes, Double>] { [\.read, \.draw, \.encode, \.kilobytes] }

  /// Field by field, the middle of `times`.
  static func median(of times: [PictureTimes]) -> PictureTimes {
    combine(times) { values in values.sorted()[values.count / 2] }
  }

  /// Field by field, the mean of `times`.
  static func mean(of times: [PictureTimes]) -> PictureTimes {
    combine(times) { values in values.reduce(0, +) / Double(values.count) }
  }

  private static func combine(_ times: [PictureTimes], _ combination: ([Double]) -> Double) -> PictureTimes {
    fields.reduce(into: PictureTimes()) { result, field in result[keyPath: field] = combination(times.map { $0[keyPath: field] }) }
  }
}
