import ArgumentParser
import Drawing
import ImageGeneration
import Testing

@testable import fakeai_images

@Suite struct UpscaleCommandTests {
  @Test(arguments: [
    ([], Enlargement.factor(2)), (["--scale", "2.5"], .factor(2.5)), (["--scale", "4"], .factor(4)),
    (["--size", "2048x1024"], .size(PictureSize(width: 2048, height: 1024)!)),
  ])
  func `an image becomes twice as large unless an option says otherwise`(options: [String], enlargement: Enlargement) throws {
    #expect(try UpscaleCommand.parse(["a.png", "-o", "b.png"] + options).enlargement() == enlargement)
  }

  @Test(arguments: [
    (["--scale", "5"], #"--scale is "5"; allowed: a number from 2 to 4"#), (["--scale", "nan"], #"--scale is "nan"; allowed"#),
    (["--scale", "1.9"], #"--scale is "1.9"; allowed"#),
    (["--size", "4097x1"], #"--size is "4097x1"; allowed: WIDTHxHEIGHT such as 2048x2048 with sides from 1 to 4096"#),
    (["--size", "2K"], #"--size is "2K"; allowed"#), (["--scale", "2", "--size", "8x8"], "--scale and --size exclude each other"),
  ])
  func `what is no enlargement is refused`(options: [String], line: String) throws {
    do {
      _ = try UpscaleCommand.parse(["a.png", "-o", "b.png"] + options).enlargement()
      Issue.record("\(options) is accepted")
    } catch let failure as CommandFailure {
      #expect(failure.line.hasPrefix(line) && failure.status == 64, "\(failure.line)")
    }
  }
}
