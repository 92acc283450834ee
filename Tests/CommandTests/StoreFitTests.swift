import Testing

@testable import fakeai_images

@Suite struct StoreFitTests {
  private static let megabyte = 1 << 20

  /// A machine with two workers, and 6 MB that the pool needs besides its store.
  private static func limits(shared: Int? = nil, memory: Int? = nil) -> StoreFit.Limits {
    StoreFit.Limits(
      total: shared.map { $0 * megabyte }, free: shared.map { $0 * megabyte }, memory: memory.map { $0 * megabyte },
      others: 6 * megabyte - 1000,
      workers: 2)
  }

  private static func size(_ limits: StoreFit.Limits, existing: Int? = nil) throws -> Int {
    try StoreFit(asked: nil, existing: existing, within: limits).size
  }

  @Test func `the usual store stays where there is room for it, without a word`() throws {
    for limits in [Self.limits(), Self.limits(shared: 262), Self.limits(memory: 358), Self.limits(shared: 1024, memory: 1024)] {
      #expect(
        try StoreFit(asked: nil, existing: nil, within: limits) == StoreFit(asked: 256 * Self.megabyte, existing: nil, within: limits))
    }
  }

  @Test(
    arguments: [
      (shared: 64, memory: nil, store: 58), (shared: 261, memory: nil, store: 255), (shared: nil, memory: 200, store: 98),
      (shared: 64, memory: 200, store: 58), (shared: 512, memory: 150, store: 48), (shared: 10, memory: nil, store: 4),
    ] as [(shared: Int?, memory: Int?, store: Int)])
  func `otherwise it has what is there, in whole megabytes`(_ machine: (shared: Int?, memory: Int?, store: Int)) throws {
    let fit = try StoreFit(asked: nil, existing: nil, within: Self.limits(shared: machine.shared, memory: machine.memory))
    #expect(fit.size == machine.store * Self.megabyte)
    #expect(fit.notice?.hasPrefix("the store has \(machine.store)M instead of 256M: ") == true)
  }

  @Test(
    arguments: [(shared: 64, objects: 96, store: 55), (shared: 64, objects: 2, store: 56), (shared: 12, objects: 96, store: 6)]
      as [(shared: Int, objects: Int, store: Int)])
  func `where not all fits, something is left for files and responses`(_ machine: (shared: Int, objects: Int, store: Int)) throws {
    var limits = Self.limits(shared: machine.shared)
    limits.objects = machine.objects * Self.megabyte
    #expect(try Self.size(limits) == machine.store * Self.megabyte)
    #expect(try StoreFit(asked: 6 * Self.megabyte, existing: nil, within: limits).size == 6 * Self.megabyte)
  }

  @Test func `a store with images keeps its size if that still fits and is no waste`() throws {
    let limits = Self.limits(shared: 64)
    #expect(try Self.size(limits, existing: 55 * Self.megabyte) == 55 * Self.megabyte)
    #expect(try Self.size(limits, existing: 20 * Self.megabyte) == 58 * Self.megabyte)
    #expect(try Self.size(limits, existing: 60 * Self.megabyte) == 58 * Self.megabyte)
    #expect(try Self.size(Self.limits(), existing: 200 * Self.megabyte) == 256 * Self.megabyte)
  }

  @Test(
    arguments: [
      (
        nil, limits(shared: 9),
        "a store of 4M does not fit: /dev/shm has 9M, of which 9M are free, and the pool needs 6M besides the store; make it larger "
          + "(--shm-size=64m; in Kubernetes, an emptyDir in memory), or set FAKEAI_IMAGE_STORE_SIZE to 3M or less"
      ),
      (
        59, limits(shared: 64),
        "a store of 59M does not fit: /dev/shm has 64M, of which 64M are free, and the pool needs 6M besides the store; make it larger "
          + "(--shm-size=128m; in Kubernetes, an emptyDir in memory), or set FAKEAI_IMAGE_STORE_SIZE to 58M or less"
      ),
      (
        200, limits(memory: 200),
        "a store of 200M does not fit: the memory limit is 200M, of which nginx, 2 workers and the journal need 54M; raise the limit, or set "
          + "FAKEAI_IMAGE_STORE_SIZE to 146M or less"
      ),
      (
        nil, limits(memory: 64),
        "a store of 4M does not fit: the memory limit is 64M, of which nginx, 2 workers and the journal need 102M; raise the limit, or use "
          + "fewer FAKEAI_WORKERS and a smaller journal"
      ),
    ] as [(Int?, StoreFit.Limits, String)])
  func `what does not fit is one line with what there is and what to do`(_ asked: Int?, _ limits: StoreFit.Limits, _ line: String) {
    let failure = #expect(throws: CommandFailure.self) {
      try StoreFit(asked: asked.map { $0 * Self.megabyte }, existing: nil, within: limits)
    }
    #expect(failure?.line == line)
  }

  @Test func `a pool that joins a store needs room for what is its own`() throws {
    try StoreFit.checkJoining(within: Self.limits(shared: 6))
    let failure = #expect(throws: CommandFailure.self) { try StoreFit.checkJoining(within: Self.limits(shared: 5)) }
    #expect(
      failure?.line.hasPrefix("there is no room to join the store: /dev/shm has 5M, of which 5M are free, and the pool needs 6M") == true)
  }

  @Test func `a size that was asked for is used as long as it can work at all`() throws {
    let fit = try StoreFit(asked: 146 * Self.megabyte, existing: nil, within: Self.limits(memory: 200))
    #expect(fit.size == 146 * Self.megabyte && fit.notice == nil)
  }
}
