import DequeModule

/// Who has the renderer, who waits for it, and what is done.
struct RendererQueue {
  /// Of several steps, each with images that are finished or pixels of uploads to keep in between: so many at a time bound that memory, and
  /// others of the kind wait until one has ended. What takes a single step passes them.
  private static let mostBegun = 2
  /// A step that takes longer shows what the next one will take.
  static let patience = Duration.milliseconds(100)

  private var waiting: Deque<RendererJob> = []
  private var done: [(ConnectionID, Response)] = []
  private var begunCount = 0
  private var atWork: (name: RendererJob.Name, began: ContinuousClock.Instant)?
  /// The client of what is at work has left.
  private var isAbandoned = false
  /// A step was begun or ended since ``takeHasMoved()`` was last called.
  private var hasMoved = false
  private var shown: ContinuousClock.Instant?
  var show: @Sendable (ContinuousClock.Instant?) -> Void = { _ in }

  var waitingCount: Int { waiting.count }

  var outstandingCount: Int { waiting.count + (atWork == nil ? 0 : 1) + done.count }

  /// Since when nothing of what came got on: since the step at work began, or since what waits longest came. A slow job's step is taken to be
  /// as slow as the one before, from the beginning. nil: nothing is at work and nothing waits.
  private(set) var stallBegan: ContinuousClock.Instant?

  mutating func append(_ job: RendererJob) {
    waiting.append(job)
    showStall()
  }

  /// The next one to do a step of.
  mutating func take() -> RendererJob? {
    guard let index = waiting.firstIndex(where: { !$0.name.isLong || $0.name.hasBegun || begunCount < Self.mostBegun }) else { return nil }
    let job = waiting.remove(at: index)
    if job.name.isLong, !job.name.hasBegun { begunCount += 1 }
    atWork = (job.name, .now)
    (isAbandoned, hasMoved) = (false, true)
    showStall()
    return job
  }

  mutating func finish(_ name: RendererJob.Name, with response: Response) {
    if name.isLong { begunCount -= 1 }
    done.append((name.connection, response))
    endStep()
  }

  /// Lets others have their turn before the next step.
  /// - Returns: false where nobody wants it any more; then it is done.
  mutating func putBack(_ name: RendererJob.Name, goingOnWith step: @escaping @Sendable () -> Work.Step) -> Bool {
    guard !isAbandoned else {
      finish(name, with: Response(status: 499))
      return false
    }
    var name = name
    name.hasBegun = true
    name.isSlow = atWork.map { .now - $0.began > Self.patience } ?? false
    waiting.append(RendererJob(name, step: step))
    endStep()
    return true
  }

  private mutating func endStep() {
    atWork = nil
    hasMoved = true
    showStall()
  }

  mutating func cancel(_ connection: ConnectionID) -> Bool {
    if atWork?.name.connection == connection { isAbandoned = true }
    guard let index = waiting.firstIndex(where: { $0.name.connection == connection }) else { return false }
    if waiting.remove(at: index).name.hasBegun { begunCount -= 1 }
    showStall()
    return true
  }

  mutating func takeDone() -> [(ConnectionID, Response)] {
    defer { done.removeAll() }
    return done
  }

  mutating func takeHasMoved() -> Bool {
    defer { hasMoved = false }
    return hasMoved || (atWork == nil && waiting.isEmpty)
  }

  private mutating func showStall() {
    let step = atWork.map { $0.name.isSlow ? $0.began - Self.patience : $0.began }
    stallBegan = [step, waiting.first?.queued].compactMap { $0 }.min()
    if stallBegan != shown { show(stallBegan) }
    shown = stallBegan
  }
}
