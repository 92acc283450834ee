import ArgumentParser
import ImageGeneration
import Testing

@testable import fakeai_images

@Suite struct EncodingOptionsTests {
  @Test(arguments: [
    ("lake.png", [], ImageFormat.png), ("lake.JPG", [], .jpeg), ("a.b.webp", [], .webp), ("lake", [], .png), ("-", [], .png),
    ("lake.txt", ["--output-format", "png"], .png), ("-", ["--output-format", "jpeg"], .jpeg),
    ("lake.png", ["--output-format", "gif"], .gif),
  ])
  func `a flag or else the file's extension names the format`(name: String, arguments: [String], format: ImageFormat) throws {
    #expect(try EncodingOptions.parse(arguments).encoding(forFile: name).format == format)
  }

  @Test func `compression and frames are taken over`() throws {
    #expect(try EncodingOptions.parse(["--compression", "7"]).encoding(forFile: "a.webp").compression == 7)
    let animation = try EncodingOptions.parse(["--frames", "4", "--frame-duration", "55"]).encoding(forFile: "a.gif").animation
    #expect(animation == Encoding.Animation(frameCount: 4, frameDuration: 60))
    #expect(try EncodingOptions.parse([]).encoding(forFile: "a.gif").animation == nil)
    let webp = try EncodingOptions.parse(["--frames", "4"]).encoding(forFile: "a.webp")
    #expect(webp.format == .webp && webp.animation == Encoding.Animation(frameCount: 4))
    let pulse = try EncodingOptions.parse(["--frames", "4", "--motion", "pulse"]).encoding(forFile: "a.gif").animation
    #expect(pulse == Encoding.Animation(frameCount: 4, motion: .pulse))
  }

  @Test(arguments: [
    (["--output-format", "bmp"], "a.png", "bmp"), ([], "a.bmp", "a.bmp"), ([], "a.bmp", ".png, .jpg, .webp, .gif, .svg, .jpeg"),
    (["--compression", "101"], "a.jpg", "101"), (["--compression", "50"], "a.png", "png"),
    (["--frames", "17"], "a.gif", "17"), (["--frames", "4"], "a.jpg", "--frames applies to gif and webp only; the format is jpeg"),
    (["--frame-duration", "50"], "a.gif", "--frames"),
    (["--frames", "4", "--frame-duration", "5"], "a.gif", "5"), (["--motion", "rise"], "a.gif", "--frames"),
    (["--frames", "4", "--motion", "ries"], "a.gif", "(did you mean rise?); allowed: drift, rise or pulse"),
  ])
  func `what does not fit is refused in one line that names it`(arguments: [String], name: String, mentioned: String) throws {
    let options = try EncodingOptions.parse(arguments)
    let failure = #expect(throws: CommandFailure.self) { try options.encoding(forFile: name) }
    #expect(failure?.status == 64 && failure?.line.contains(mentioned) == true)
  }
}
