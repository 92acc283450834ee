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
  }

  @Test func `a mask and markup count as well`() throws {
    var inputs = ImageInputs()
    (inputs.images, inputs.mask, inputs.markup) = (try [Self.png(16)], try Self.png(512), try Self.png(512))
    let allowance = DecodingAllowance(milliseconds: 1)
    let error = #expect(throws: APIError.self) { try Uploads.decode(inputs, Self.rules, isStrict: true, allowance: allowance) }
    #expect(error?.param == "mask")
    let uploads = try Uploads.decode(inputs, Self.rules, isStrict: false, allowance: allowance)
    #expect(uploads.images.count == 1 && uploads.mask == nil && uploads.markup == nil)
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
}
