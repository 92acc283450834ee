import SystemPackage

/// Lines for the person at the terminal. Each is written whole and without buffering, whatever the stream is.
enum StandardError {
  static func write(line: String) {
    // There is nowhere left to report that standard error cannot be written to.
    _ = try? FileDescriptor.standardError.writeAll((line + "\n").utf8)
  }
}

/// The output of a command.
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
