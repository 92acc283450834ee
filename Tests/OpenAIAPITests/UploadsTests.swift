import FastCGI
import ImageCoding
import ImageGeneration
import JSON
import Testing

@testable import OpenAIAPI

@Suite struct UploadsTests {
  private static func png(_ side: Int) throws -> InputImage {
    var encoder = PNGEncoder()
    // Each row begins with filter byte 0; the pixels are grey and do not matter.
    let rows = (0..<side).flatMap { _ in [0] + [UInt8](repeating: 200, count: 3 * side) }
    let file = try encoder.encode(rows.span, width: side, height: side)
    return .file(UploadedFile(mediaType: "image/png", content: file[...]))
  }

  private static var rules: ModelRules {
    get throws { try ImageRequest(.generation, Parameters(["prompt": .string("A lake")]), .fakeai).rules }
  }

  @Test func `uploads that take too much work together are refused with the reason, or skipped`() throws {
    var inputs = ImageInputs()
    // 3.1 ms each for the pixels.
    inputs.images = try [Self.png(512), Self.png(512), Self.png(16)]
    let allowance = DecodingAllowance(milliseconds: 5)
    let error = #expect(throws: APIError.self) { try Uploads.decode(inputs, Self.rules, isStrict: true, allowance: allowance) }
    #expect(error?.status == 400 && error?.code == "invalid_image_file")
    let reason = "Invalid image file or mode for image 2, please check your image file. It would take 3 ms to decode"
    #expect(error?.message.hasPrefix(reason) == true)
    let uploads = try Uploads.decode(inputs, Self.rules, isStrict: false, allowance: allowance)
    #expect(uploads.images.map(\.originalSize.width) == [512, 16])
    #expect(uploads.ignored.map(\.name) == ["image 2"])
    #expect(uploads.ignored.first?.reason.hasPrefix("3 ms to decode") == true)
  }

  @Test func `a mask and markup count as well`() throws {
    var inputs = ImageInputs()
    (inputs.images, inputs.mask, inputs.markup) = (try [Self.png(16)], try Self.png(512), try Self.png(512))
    let allowance = DecodingAllowance(milliseconds: 1)
    let error = #expect(throws: APIError.self) { try Uploads.decode(inputs, Self.rules, isStrict: true, allowance: allowance) }
    #expect(error?.param == "mask")
    let uploads = try Uploads.decode(inputs, Self.rules, isStrict: false, allowance: allowance)
    #expect(uploads.images.count == 1 && uploads.mask == nil && uploads.markup == nil)
    #expect(uploads.ignored.map(\.name) == ["mask", "markup"])
  }

  @Test func `the limit of one request allows sixteen photographs of a phone`() {
    // 12 megapixels and 3 MB each as JPEG: 2 ns per pixel and 16 ns per byte.
    #expect(16 * (12_192_768 * 2 + 3_000_000 * 16) < SourceImages.allowance.nanoseconds)
  }

  @Test func `all uploads of one image share four megapixels`() throws {
    var inputs = ImageInputs()
    (inputs.images, inputs.mask) = (try [Self.png(2048)], try Self.png(2048))
    let uploads = try Uploads.decode(inputs, Self.rules, isStrict: false)
    #expect(uploads.byteCount <= 4 * SourceImages.mostPixels)
    #expect(uploads.images[0].originalSize.width == 2048)
  }

  private static func file(_ text: String) -> InputImage { .file(UploadedFile(content: Array(text.utf8)[...])) }

  private static func url(_ text: String) throws -> InputImage { .dataURL(try #require(DataURL(Array(text.utf8)[...]))) }

  @Test func `what the default profile leaves out is named with the reason`() throws {
    var inputs = ImageInputs()
    inputs.images = try [
      Self.file("GIF89a"), Self.url("data:;base64,aGV-"), Self.png(16), .elsewhere, Self.url("data:;base64,"), Self.file("\u{89}PNG"),
    ]
    (inputs.mask, inputs.markup) = (try Self.png(16), Self.file(""))
    let uploads = try Uploads.decode(inputs, Self.rules, isStrict: false)
    #expect(uploads.images.count == 1)
    #expect(
      uploads.ignored.map(\.description) == [
        "image 1: a GIF file, but only PNG, JPEG and WebP files are accepted",
        "image 2: a data: URL with '-', which only the URL-safe variant of base64 has; send '+' and '/' instead of '-' and '_'",
        "image 4: it is given as a URL, and nothing is fetched", "image 5: a data: URL without content",
        "image 6: not a PNG, JPEG or WebP file", "mask: it has no alpha channel",
        "markup: an empty file, but only PNG, JPEG and WebP files are accepted",
      ])
  }

  @Test func `a strict profile refuses in the API's words and adds the reason as a header`() throws {
    var inputs = ImageInputs()
    inputs.images = [try Self.png(16), Self.file("GIF89a")]
    let error = try #require(throws: APIError.self) { try Uploads.decode(inputs, Self.rules, isStrict: true) }
    #expect(error.message == "Invalid image file or mode for image 2, please check your image file.")
    #expect(error.response.header("X-FakeAI-Reason") == "a GIF file, but only PNG, JPEG and WebP files are accepted")
  }

  @Test func `an image that dall-e-2 does not take is refused with what it is`() throws {
    var inputs = ImageInputs()
    var encoder = PNGEncoder()
    let file = try encoder.encode([UInt8](repeating: 0, count: 2 * (1 + 3 * 4)).span, width: 4, height: 2)
    inputs.images = [.file(UploadedFile(content: file[...]))]
    let error = #expect(throws: APIError.self) { try Uploads.decode(inputs, .dallE2, isStrict: true) }
    let expected = "a PNG file of 4x2 pixels and \(file.count) bytes, but a square PNG file of less than 4 MB is expected"
    #expect(error?.message == APIError.noSmallPNG.message && error?.reason == expected)
    #expect(try Uploads.decode(inputs, .dallE2, isStrict: false).images.count == 1)
  }

  @Test func `a strict profile leaves out only what it would have to fetch`() throws {
    var inputs = ImageInputs()
    inputs.images = [.elsewhere, try Self.png(16)]
    let uploads = try Uploads.decode(inputs, Self.rules, isStrict: true)
    #expect(uploads.images.count == 1 && uploads.ignored.map(\.name) == ["image 1"])
  }
}
