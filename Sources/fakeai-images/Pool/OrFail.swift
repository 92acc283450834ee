import SystemPackage

/// Turns an error of the operating system into a line that says what could not be done.
func orFail<Result: ~Copyable>(_ line: @autoclosure () -> String, _ work: () throws(Errno) -> Result) throws(CommandFailure) -> Result {
  do {
    return try work()
  } catch {
    throw CommandFailure("\(line()): \(error)")
  }
}
