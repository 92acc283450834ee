/// Measures the ring for sharing.py: what inserts cost, and what many processes cost each other. Prints one JSON object.
@main
enum RingBenchmarks {
  /// Eight pairs with a ring each stand beside eight that share one, in the same run, so that both meet the same machine.
  private static let crowds = [Crowd(size: 1, work: .shared), Crowd(size: 8, work: .shared), Crowd(size: 8, work: .alone)]

  static func main() throws {
    let inserts = try InsertCost.measured()
    let costs = try crowds.map { try $0.measured() }
    print(#"{"inserts": \#(inserts.json), "crowds": [\#(costs.map(\.json).joined(separator: ", "))]}"#)
  }
}
