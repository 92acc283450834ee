import CPOSIX
import FoundationEssentials

/// The processors that this process may use.
enum Processors {
  /// How many to plan for: those that the process may run on (sched_setaffinity(2)), or fewer if its control group limits its time. At least 1.
  ///
  /// A limit of 1.5 processors counts as 2, because a single busy process would leave a third of it unused.
  static let available = count(allowed: allowed, limit: ControlGroups().processors)

  /// Foundation counts the processors of the machine.
  private static var allowed: Int {
    let count = Int(cposix_processor_count())
    return count > 0 ? count : ProcessInfo.processInfo.activeProcessorCount
  }

  static func count(allowed: Int, limit: Double?) -> Int {
    max(1, min(allowed, Int(min(limit ?? .infinity, Double(allowed)).rounded(.up))))
  }
}
