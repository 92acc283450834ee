import SystemPackage

/// Lines for the person at the terminal. Written at once and whole, whatever the stream is.
enum StandardError {
  static func write(line: String) {
    // Nobody is left to hear that standard error cannot be written to.
    _ = try? FileDescriptor.standardError.writeAll((line + "\n").utf8)
  }
}

/// What a command was asked for.
enum StandardOutput {
  static func write(line: String) throws(CommandFailure) { try write(Array((line + "\n").utf8)) }

  static func write(_ bytes: [UInt8]) throws(CommandFailure) {
    do {
      try FileDescriptor.standardOutput.writeAll(bytes)
    } catch {
      throw CommandFailure("cannot write to standard output: \(error)")
    }
  }
}
