import JSON
import Simulation
import SystemCalls

extension APIService {
  /// What streams of events say each second: the time in seconds since 1970, the statistics, how often each rule applied, and the limits.
  var figures: JSONText {
    var members: [JSONMember] = [("time", .decimal(Double(clock.now() / 1_000_000) / 1000))]
    members += statistics
    // Those of the requests without a session: a session's rules belong to one test.
    members.append(("rules", .array(rules.strikes(of: "").map { .object([("rule", .string($0.rule)), ("struck", .integer(Int($0.count)))]) })))
    members.append(("limits", limitFigures ?? .null))
    return .object(members)
  }
}
