import CFuzzer

/// Feeds one reader of untrusted bytes with what libFuzzer makes up: `Fuzz <target> [libFuzzer's flags and corpora]`.
@main
enum Fuzz {
  static func main() {
    guard CommandLine.argc > 1, let name = CommandLine.unsafeArgv[1], let target = Target(rawValue: String(cString: name)) else {
      print("usage: Fuzz \(Target.allCases.map(\.rawValue).joined(separator: "|")) [flags and corpora]")
      return
    }
    current = target
    // libFuzzer reads the rest as its own.
    var count = CommandLine.argc - 1
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
    _ = LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
      Fuzz.current.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
      return 0
    }
  }

  /// Set once, before libFuzzer starts, which calls from one thread.
  nonisolated(unsafe) private static var current = Target.multipart
}
