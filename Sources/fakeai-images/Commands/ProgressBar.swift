import SystemCalls
import SystemPackage

/// A line on a terminal that shows how much of some work is done: `[##########----------]  500 of 1000, 870 a second`.
struct ProgressBar {
  private let total: Int
  private let start: Instant
  private var shown: Instant?

  init(total: Int, start: Instant = .now) {
    self.total = total
    self.start = start
  }

  /// Shows the bar, at most ten times a second.
  mutating func show(_ done: Int, now: Instant = .now) {
    guard shown.map({ now - $0 >= .milliseconds(100) }) ?? true else { return }
    shown = now
    write("\r" + text(done, after: now - start))
  }

  /// Clears the line.
  func remove() { if shown != nil { write("\r\u{1B}[K") } }

  /// At most 79 columns, so that it fits on one line.
  func text(_ done: Int, after time: Duration) -> String {
    let filled = done * Self.width / max(total, 1)
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.width - filled)
    let digits = String(done)
    let padding = String(repeating: " ", count: max(String(total).count - digits.count, 0))
    let rate = time > .zero ? ", \(Int((Double(done) / (time / .seconds(1))).rounded())) a second" : ""
    return "[\(bar)] \(padding)\(digits) of \(total)\(rate)"
  }

  private static let width = 30

  /// What cannot be shown is not missed.
  private func write(_ text: String) { _ = try? FileDescriptor.standardError.writeAll(text.utf8) }
}
