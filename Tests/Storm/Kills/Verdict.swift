import SharedMemory

/// The figures of a storm.
struct Verdict {
  let demands: StormDemands
  var seconds = 0.0
  var kills = 0
  /// Processes that ended in another way than by SIGKILL.
  var otherEnds = 0
  var acknowledged = 0
  /// Acknowledged entries that were there when they were asked for; the others had been evicted by then.
  var found = 0
  var lost = 0
  var corrupt = 0
  var lockOwnersDied: UInt64 = 0
  var readsOvertaken: UInt64 = 0
  var readerHits: UInt64 = 0
  var insertErrors: UInt64 = 0
  /// Whether used and free bytes are all that there are.
  var accounts = false
  /// Milliseconds from a death that left the lock taken to the next entry, sorted.
  var waits: [Double] = []
  var deaths: [Failpoint: Int] = [:]

  init(demands: StormDemands) { self.demands = demands }

  /// What is not as it must be, in words.
  var faults: [String] {
    let faults: [(isThere: Bool, text: String)] = [
      (lost > 0, "\(lost) entries are lost"),
      (corrupt > 0, "\(corrupt) entries are corrupt"),
      (otherEnds > 0, "\(otherEnds) processes ended by themselves"),
      (insertErrors > 0, "\(insertErrors) inserts failed"),
      (!accounts, "used and free bytes do not add up"),
      (acknowledged < demands.acknowledged, "only \(acknowledged) entries were acknowledged"),
      (found == 0, "no acknowledged entry was found"),
      (!missedPoints.isEmpty, "fewer than \(demands.deathsPerPoint) deaths at \(missedPoints.map { "\($0)" }.joined(separator: ", "))"),
      (demands.longestWait.map { quantile(0.99) > $0 } ?? false, "p99 from a death to the next entry is over the limit"),
    ]
    return faults.filter(\.isThere).map(\.text)
  }

  private var missedPoints: [Failpoint] { Failpoint.allCases.filter { deaths[$0, default: 0] < demands.deathsPerPoint } }

  private func quantile(_ share: Double) -> Double { waits.isEmpty ? .infinity : waits[Int(Double(waits.count - 1) * share)] }

  var text: String {
    let quantiles = [("p50", 0.5), ("p99", 0.99), ("max", 1)].map { "\($0) \((quantile($1) * 1000).rounded() / 1000)" }
    return """
      \(kills) kills in \(Int(seconds)) s, \(acknowledged) acknowledged, \(found) found, \(lost) lost, \(corrupt) corrupt, used and free bytes \
      \(accounts ? "add up" : "DO NOT ADD UP")
      \(lockOwnersDied) owners of the lock died, \(readerHits) reads by others, \(readsOvertaken) overtaken, \(insertErrors) insert errors, \
      \(otherEnds) other ends
      from a death with the lock to the next entry: \(quantiles.joined(separator: ", ")) ms (\(waits.count) deaths)
      deaths: \(Failpoint.allCases.map { "\($0) \(deaths[$0, default: 0])" }.joined(separator: ", "))
      """
  }
}
