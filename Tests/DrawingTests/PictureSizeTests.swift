import Drawing
import Testing

struct PictureSizeTests {
  @Test(arguments: [("256x256", 256, 256), ("1792x1024", 1792, 1024), ("1x1", 1, 1), ("3840x1280", 3840, 1280), ("7x4096", 7, 4096)])
  func `WIDTHxHEIGHT is a size`(text: String, width: Int, height: Int) throws {
    let size = try #require(PictureSize(text))
    #expect((size.width, size.height) == (width, height))
    #expect(size.description == text)
  }

  @Test(arguments: [
    "", "x", "1x", "x1", "0x0", "0x1", "1x0", "+1x2", "-1x2", "01x2", "1x02", "1X2", "1x2x3", " 1x2", "1x2 ", "1 x2", "1.0x2", "4097x1",
    "1x4097", "99999x1", "18446744073709551617x1", "١x2", "auto", "1×2", "1x2\0",
  ])
  func `anything else is not`(text: String) {
    #expect(PictureSize(text) == nil)
  }
}
