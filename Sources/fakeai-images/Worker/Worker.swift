/// Stands in until the real one is there.
enum Worker {
  static func run(_ settings: Settings) throws {
    throw CommandFailure("there is no worker yet")
  }
}
