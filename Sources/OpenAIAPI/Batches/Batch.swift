import JSON
import Simulation

/// A batch: requests from a file, which the workers perform in the background.
///
/// The batch is one object of the store, and whoever changes it compares and swaps. What a worker needs to go on with the work of another one
/// is in it: the caller's key and session until the batch ends, the time that the batch takes, and how it ends.
struct Batch: Sendable, Equatable {
  enum Status: String, Sendable, CaseIterable {
    case validating, failed, finalizing, completed, expired, cancelling, cancelled
    case inProgress = "in_progress"

    /// Whether the batch does not change any more.
    var isFinal: Bool {
      switch self {
      case .failed, .completed, .expired, .cancelled: true
      case .validating, .inProgress, .finalizing, .cancelling: false
      }
    }
  }

  /// When a batch enters a status. The raw value is the member's name.
  enum Moment: String, Sendable, CaseIterable {
    case inProgress = "in_progress_at"
    case expires = "expires_at"
    case finalizing = "finalizing_at"
    case completed = "completed_at"
    case failed = "failed_at"
    case expired = "expired_at"
    case cancelling = "cancelling_at"
    case cancelled = "cancelled_at"
  }

  /// What is wrong with a line of the input, or with the whole of it.
  struct Problem: Sendable, Equatable {
    var code: String
    /// From 1; nil: the whole file.
    var line: Int?
    var message: String
    var param: String?
  }

  /// Results that are stored.
  struct Counts: Sendable, Equatable {
    var total = 0
    var completed = 0
    var failed = 0
  }

  var id: String
  var endpoint: String
  var inputFile: String
  var status = Status.validating
  /// Nanoseconds since 1970.
  var created: Int64
  /// Seconds since 1970.
  var moments: [Moment: Int] = [:]
  var problems: [Problem] = []
  var counts = Counts()
  var outputFile: String?
  var errorFile: String?
  /// As the client sent it, or nil.
  var metadata: [String: String]?
  /// The model of the first line.
  var model: String?
  var usage = BatchUsage()

  // What clients do not see.
  var caller: BatchCaller
  /// From creation to completion.
  var time: Duration
  /// The status in which the batch ends, once it is known.
  var goal: Status?
  /// How long the output can be fetched after it was made, in seconds.
  var outputLife: Int
  /// The names of the files that finalizing makes, which stay the same if a worker dies meanwhile.
  var plannedFiles: [String] = []
  /// Whether the results of the lines have been removed.
  var isCleared = false

  static let completionWindow = "24h"
  /// Seconds.
  static let window = 86_400
  /// Seconds for which a batch, and its output unless told otherwise, can be fetched.
  static let life = 30 * 86_400
  static let mostLines = 50_000

  /// When the object expires, in nanoseconds since 1970.
  var expires: Int64 { created + Int64(Self.life) * 1_000_000_000 }

  var createdSeconds: Int { Int(created / 1_000_000_000) }

  /// What a result is stored under. The padding keeps them in order.
  static func resultID(_ batch: String, line: Int) -> String {
    let digits = String(line)
    return "\(batch).\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)"
  }

  static func resultPrefix(_ batch: String) -> String { batch + "." }
}

/// For whom the lines are performed.
struct BatchCaller: Sendable, Equatable {
  var key: String?
  var session = ""
  var profile: String
  /// `http` or `https`, and the host with its port, for URLs of images.
  var scheme = "http"
  var host = ""
}

/// Tokens that all lines used together.
struct BatchUsage: Sendable, Equatable {
  var input = 0
  var cached = 0
  var output = 0
  var reasoning = 0

  static func + (one: BatchUsage, other: BatchUsage) -> BatchUsage {
    BatchUsage(
      input: one.input + other.input, cached: one.cached + other.cached, output: one.output + other.output,
      reasoning: one.reasoning + other.reasoning)
  }
}
