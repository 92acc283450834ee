/// What the renderer has to do for a connection: the rest of its work.
struct RendererJob {
  let name: Name
  /// What comes next.
  let step: @Sendable () -> Work.Step
  /// When it came, or came back.
  let queued = ContinuousClock.now

  /// What is left of a job while its step runs.
  struct Name {
    let connection: ConnectionID
    let isLong: Bool
    /// Whether a step of it has been done.
    var hasBegun = false
    /// Whether its last step took so long that others are better off elsewhere during the next one as well.
    var isSlow = false
  }

  init(connection: ConnectionID, _ work: Work) {
    name = Name(connection: connection, isLong: work.isLong)
    step = work.begin
  }

  init(_ name: Name, step: @escaping @Sendable () -> Work.Step) { (self.name, self.step) = (name, step) }
}
