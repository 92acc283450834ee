import ArgumentParser
import Testing

@testable import fakeai_images

struct GenerateCommandTests {
  /// What is wrong with the arguments, and the code that the program ends with; nil if nothing is.
  static func refusal(of arguments: [String]) -> (message: String, code: ExitCode)? {
    do {
      _ = try GenerateCommand.parse(arguments)
      return nil
    } catch {
      return (GenerateCommand.message(for: error), GenerateCommand.exitCode(for: error))
    }
  }

  @Test(arguments: [
    ["--size", "512x512"], ["--quality", "hd"], ["--style", "natural"], ["--model", "m"], ["--seed", "1"], ["--transparent"],
  ])
  func `a sheet takes nothing that is said of a picture`(option: [String]) throws {
    let refusal = try #require(Self.refusal(of: ["--sheet"] + option))
    #expect(refusal.message == "--sheet always looks the same; leave out \(option[0])")
    #expect(refusal.code == .validationFailure)
    #expect(Self.refusal(of: ["a lake"] + option) == nil)
  }

  @Test func `all that does not go with a sheet is named at once`() throws {
    let refusal = try #require(Self.refusal(of: ["--sheet", "--transparent", "--size", "64x64"]))
    #expect(refusal.message.hasSuffix("leave out --size, --transparent"))
  }

  @Test(arguments: [["--sheet"], ["--sheet", "-o", "sheet.png"], ["--sheet", "--font", "f.ttf"]])
  func `a sheet can be asked for`(arguments: [String]) {
    #expect(Self.refusal(of: arguments) == nil)
  }

  @Test(arguments: [["--sheet", "a lake"], ["--sheet", "-n", "2"], [], [""], ["a lake", "-n", "11"], ["a lake", "-n", "0"]])
  func `what makes no picture is refused`(arguments: [String]) {
    #expect(Self.refusal(of: arguments)?.code == .validationFailure)
  }
}
