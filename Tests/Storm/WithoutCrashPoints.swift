import SharedMemory

#if !FAILPOINTS || !MUTANTS
  /// So that this compiles in the usual builds, too, in which nothing of it is there to be used.
  enum CrashPlan {
    static func die(at point: Failpoint, pass: Int = 1, lastWords: () -> Void = {}) { fatalError("use make test-storm") }
    static func interrupt(at point: Failpoint, pass: Int = 1, with action: () -> Void) { fatalError("use make test-storm") }
    static func cancel() { fatalError("use make test-storm") }
  }

  extension Mutant {
    static var chosen: Mutant? {
      get { nil }
      set { fatalError("use make test-storm") }
    }
  }
#endif
