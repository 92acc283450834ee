import RingTesting
import Testing

@Suite struct RingModelTests {
  @Test(arguments: UInt64(0)..<40) func `a ring does what its model says`(seed: UInt64) throws {
    var run = try RandomRun(seed: seed)
    do {
      try run.run(steps: 200)
    } catch {
      Issue.record("seed \(seed), \(error)")
    }
  }
}
