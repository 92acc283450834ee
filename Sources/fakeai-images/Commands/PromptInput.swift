import SystemPackage

/// Where the prompts of `generate` come from: the command line, standard input, or a file with a prompt on each line.
enum PromptInput {
  /// A prompt that is `-` is read from standard input, all of it: it may have several lines.
  static func prompts(_ arguments: [String], standardInput: FileDescriptor = .standardInput) throws(CommandFailure) -> [String] {
    var prompts: [String] = []
    for (index, argument) in arguments.enumerated() {
      let prompt = argument == "-" ? try text(of: standardInput) : argument
      let name = arguments.count == 1 ? "the prompt" : "prompt \(index + 1)"
      guard !prompt.isEmpty else {
        throw .usage("\(name) is empty; expected a description of the image, such as \"a lake at dawn\"")
      }
      prompts.append(prompt)
    }
    guard arguments.count(where: { $0 == "-" }) < 2 else { throw .usage("- is given twice; standard input can be read once") }
    return prompts
  }

  private static func text(of standardInput: FileDescriptor) throws(CommandFailure) -> String {
    try text(InputFile.bytes(of: standardInput, called: "standard input", limit: longestPrompt), of: "standard input")
  }

  /// The prompts in a file, one on each line; empty lines are skipped. The file `-` is standard input.
  static func lines(of path: String) throws(CommandFailure) -> [String] {
    let bytes = try InputFile.bytes(ofFile: path, for: "--prompts: ", limit: largestFile)
    let text = try text(bytes, of: path == "-" ? "standard input" : path)
    let lines = text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.isEmpty }
    guard !lines.isEmpty else { throw .usage("--prompts: \(path) has no line with a prompt") }
    return lines
  }

  /// Bytes of a prompt from standard input: the longest prompt of the API, 32,000 characters of up to four bytes.
  private static let longestPrompt = 128_000
  /// Bytes of a file of prompts.
  private static let largestFile = 64 << 20

  /// Without the newline at its end.
  private static func text(_ bytes: [UInt8], of name: String) throws(CommandFailure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .usage("\(name) is not UTF-8 text") }
    return text.last?.isNewline == true ? String(text.dropLast()) : text
  }
}
