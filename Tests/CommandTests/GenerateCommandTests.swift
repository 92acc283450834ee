import ArgumentParser
import Drawing
import ImageGeneration
import SystemPackage
import Testing

@testable import fakeai_images

struct GenerateCommandTests {
  /// What is wrong with the arguments; nil if nothing is.
  static func refusal(of arguments: [String]) throws -> CommandFailure? {
    do {
      _ = try GenerateCommand.parse(arguments).batch()
      return nil
    } catch let failure as CommandFailure {
      return failure
    }
  }

  @Test(arguments: [
    ["--size", "512x512"], ["--quality", "hd"], ["--style", "natural"], ["--pattern", "dots"], ["--model", "m"], ["--seed", "1"],
    ["--transparent"],
  ])
  func `a sheet takes nothing that is said of a picture`(option: [String]) throws {
    #expect(try Self.refusal(of: ["--sheet"] + option) == .usage("--sheet always looks the same; leave out \(option[0])"))
    #expect(try Self.refusal(of: ["a lake"] + option) == nil)
  }

  @Test func `all that does not go with a sheet is named at once`() throws {
    let refusal = try #require(try Self.refusal(of: ["--sheet", "--transparent", "--size", "64x64"]))
    #expect(refusal.line.hasSuffix("leave out --size, --transparent"))
  }

  @Test(arguments: [["--sheet"], ["--sheet", "-o", "sheet.png"], ["--sheet", "--font", "f.ttf"], ["--sheet", "--out-dir", "sheets"]])
  func `a sheet can be asked for`(arguments: [String]) throws {
    #expect(try Self.refusal(of: arguments) == nil)
  }

  @Test(arguments: [
    (["--sheet", "a lake"], "leave out the prompt"), (["--sheet", "-n", "2"], "leave out the prompt and --count"),
    ([], "the prompt is missing"), ([""], "the prompt is empty"), (["a", ""], "prompt 2 is empty"),
    (["a", "-n", "0"], #"--count is "0"; allowed: a whole number from 1 to 100000"#), (["a", "--count", "ten"], #"--count is "ten""#),
    (["a", "b", "--count", "50001"], "2 prompts with --count 50001 are 100002 images; allowed: at most 100000"),
    (["a", "--size", "large"], #"--size is "large"; allowed: WIDTHxHEIGHT such as 1792x1024"#), (["a", "--size", "5000"], "--size is"),
    (["a", "--quality", "hihg"], #"--quality is "hihg" (did you mean high?); allowed: standard, hd, low, medium, high, auto, xhigh, max"#),
    (["a", "--style", "vived"], #"--style is "vived" (did you mean vivid?); allowed: vivid or natural"#),
    (["a", "--pattern", "scale"], #"--pattern is "scale" (did you mean scales?); allowed: grid, circles"#),
    (["a", "--pattern", "waves", "--transparent"], "--pattern waves has no separate figures, which --transparent requires; allowed: ci"),
    (["a", "--seed=-1"], #"--seed is "-1"; allowed: a whole number from 0"#), (["a", "-o", "x.bmp"], #"--output is "x.bmp"; allowed"#),
    (["a", "b", "-o", "-"], "-o - takes a single image, not 2"), (["a", "--out-dir", "d", "-o", "e/f.png"], "allowed with --out-dir"),
    (["a", "-o", "/"], "allowed: the path of a file"), (["-", "--prompts", "-"], "both read standard input"),
  ])
  func `what makes no picture is refused in one line that says what is allowed`(arguments: [String], line: String) throws {
    let refusal = try #require(try Self.refusal(of: arguments))
    #expect(refusal.status == 64)
    #expect(refusal.line.contains(line) && !refusal.line.contains("\n"), "\(refusal.line)")
  }

  @Test(arguments: [
    ("1024", 1024, 1024), ("16:9", 1360, 768), ("1K", 1024, 1024), ("auto", 1024, 1024), ("1792x1024", 1792, 1024), ("8x8", 8, 8),
    ("3840x3840", 3840, 3840),
  ])
  func `sizes are those of the API, and smaller and larger ones`(text: String, width: Int, height: Int) throws {
    #expect(try GenerateCommand.parse(["a", "--size", text]).batch().job.size == PictureSize(width: width, height: height))
  }

  @Test(arguments: [
    ("standard", Quality.standard), ("low", .standard), ("medium", .standard), ("auto", .standard), ("hd", .hd), ("high", .hd),
    ("HIGH", .hd),
    ("xhigh", .hd), ("max", .hd),
  ])
  func `qualities are those of the API`(text: String, quality: Quality) throws {
    #expect(try GenerateCommand.parse(["a", "--quality", text]).batch().job.quality == quality)
  }

  @Test(arguments: Pattern.allCases)
  func `every pattern can be named`(pattern: Pattern) throws {
    #expect(try GenerateCommand.parse(["a", "--pattern", pattern.rawValue.uppercased()]).batch().job.pattern == pattern)
    #expect(try (Self.refusal(of: ["a", "--pattern", pattern.rawValue, "--transparent"]) == nil) == pattern.hasFigures)
  }

  @Test func `images are numbered prompt by prompt`() throws {
    let batch = try GenerateCommand.parse(["a", "b", "-n", "2", "--out-dir", "d", "--output-format", "jpeg"]).batch()
    #expect(batch.prompts == ["a", "b"] && batch.count == 2)
    #expect(batch.outputs == (1...4).map { .file(FilePath("d/image-\($0).jpg")) })
  }
}

@Suite struct ProgressBarTests {
  @Test(arguments: [
    (0, 0, "[------------------------------]    0 of 1000"), (500, 2, "[###############---------------]  500 of 1000, 250 a second"),
    (1000, 4, "[##############################] 1000 of 1000, 250 a second"),
  ])
  func `a bar shows the share, the number and the rate`(done: Int, seconds: Int, text: String) {
    #expect(ProgressBar(total: 1000).text(done, after: .seconds(seconds)) == text)
  }

  @Test func `the longest bar fits on a line of 80 columns`() {
    #expect(ProgressBar(total: 100_000).text(100_000, after: .milliseconds(1)).count < 80)
  }
}
