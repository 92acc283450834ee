/// When a batch does what, if it is to take a certain time: a tenth for validation, eight for the lines, and a tenth for its files.
struct BatchSchedule: Sendable {
  /// Nanoseconds since 1970.
  let created: Int64
  let time: Duration

  init(_ batch: Batch) { (created, time) = (batch.created, batch.time) }

  /// When validation ends.
  var validated: Int64 { moment(0.1) }

  /// When the result of a line may be there.
  ///
  /// - Parameter line: from 0.
  func finished(_ line: Int, of lines: Int) -> Int64 { moment(0.1 + 0.8 * Double(line + 1) / Double(max(1, lines))) }

  /// When the files may be there.
  var completed: Int64 { moment(1) }

  private func moment(_ share: Double) -> Int64 { created + Int64(time / .nanoseconds(1) * share) }
}
