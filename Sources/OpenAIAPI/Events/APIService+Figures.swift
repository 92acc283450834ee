import JSON
import Simulation
import SystemCalls

extension APIService {
  /// What streams of events say each second: the time in seconds since 1970, the statistics, how often each rule applied, and the limits.
  var figures: JSONText {
    // The rules of the requests without a session: those of a session belong to one test.
    let strikes = rules.strikes(of: "").map { JSONText.object([("rule", .string($0.rule)), ("struck", .integer(Int($0.count)))]) }
    return .object(
      [("time", .decimal(Double(clock.now() / 1_000_000) / 1000))] + statistics
        + [("rules", .array(strikes)), ("limits", limitFigures ?? .null)])
  }
}
