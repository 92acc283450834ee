import Drawing
import ImageCoding
import ImageGeneration
import Testing

@testable import Templates

/// What no template may do to a server: take its memory or its time, or show its files.
@Suite struct HostileTemplatesTests {
  private let folder: TemplateFolder

  init() throws { folder = try TemplateFolder() }

  private func problem(_ text: String) throws -> String {
    try folder.write(text, as: "card.json")
    do throws(TemplateError) {
      _ = try TemplateLibrary(directory: folder.path).template("card")
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  private func layers(_ layers: some Sequence<String>) -> String { "{\"layers\": [\(layers.joined(separator: ","))]}" }

  @Test func `ten thousand layers are refused`() throws {
    let many = try problem(layers(repeatElement(##"{"fill":"#fff"}"##, count: 10_000)))
    #expect(many.contains("more than 16384 values"))
    let thousand = try problem(layers(repeatElement(#"{"fill":"look"}"#, count: 1000)))
    #expect(thousand.contains("card.json:1:12: has 1000 layers; allowed: 1 to 32"))
    #expect(try problem(layers(repeatElement(#"{"fill":"look"}"#, count: 33))).contains("has 33 layers"))
    #expect(try problem(layers(repeatElement(#"{"text":"a"}"#, count: 9))).contains("there are 9 layers with a text; allowed: up to 8"))
    #expect(try problem(layers(repeatElement(#"{"fill":"look"}"#, count: 32))) == "accepted")
  }

  @Test func `a long file is refused before it is parsed`() throws {
    let text = #"{"layers":[{"text":""# + String(repeating: "a", count: 300_000) + #""}]}"#
    #expect(try problem(text).contains("it has \(text.utf8.count) bytes; at most 262144 are accepted"))
  }

  @Test func `deep nesting and many values are refused`() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(try problem(deep).contains("arrays and objects nest more than 16 deep"))
    #expect(try problem("[" + String(repeating: "0,", count: 100_000) + "0]").contains("more than 16384 values"))
  }

  @Test func `a picture of a hundred megapixels is refused before it is decoded`() throws {
    // Only the head of the file says so.
    var bomb = try TemplateFolder.png(width: 1, height: 1)
    bomb.replaceSubrange(16..<24, with: [0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10])
    let checksum = Self.crc(bomb[12..<29])
    bomb.replaceSubrange(29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * $0)) })
    try folder.write(bomb, as: "bomb.png")
    let problem = try problem(layers([#"{"image":"bomb.png"}"#]))
    #expect(problem.contains("\"bomb.png\" cannot be shown: it is 10000x10000 pixels"), "\(problem)")
  }

  @Test func `all pictures of a template together have the pixels of a request's uploads`() throws {
    for name in ["a.png", "b.png", "c.png"] { try folder.write(TemplateFolder.png(width: 2000, height: 2000), as: name) }
    try folder.write(layers(["a.png", "b.png", "c.png"].map { #"{"image":"\#($0)"}"# }), as: "card.json")
    let template = try TemplateLibrary(directory: folder.path).template("card")
    let pixels = template.layers.map { layer in
      if case .image(let image) = layer, case .file(let file) = image.source { file.upload.width * file.upload.height } else { 0 }
    }
    #expect(pixels.reduce(0, +) <= SourceImages.mostPixels)
    #expect(pixels.allSatisfy { $0 >= 1_000_000 })
  }

  @Test func `a template has at most 16 pictures and 2 fonts`() throws {
    let names = (0..<17).map { "p\($0).png" }
    for name in names { try folder.write(TemplateFolder.png(width: 2, height: 2), as: name) }
    let tooMany = try problem(layers(names.map { #"{"image":"\#($0)"}"# }))
    #expect(tooMany.contains("\"p16.png\" is one image too many; allowed: at most 16 different"))
    #expect(try problem(layers(names.dropLast().map { #"{"image":"\#($0)"}"# })) == "accepted")
    let font = try #require([UInt8].file("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
    for name in ["a.ttf", "b.ttf", "c.ttf"] { try folder.write(font, as: name) }
    let texts = ["a.ttf", "b.ttf", "c.ttf"].map { #"{"text":"a","font":"\#($0)"}"# }
    #expect(try problem(layers(texts)).contains("\"c.ttf\" is one font too many; allowed: at most 2 different ones"))
    #expect(try problem(layers(texts.dropLast())) == "accepted")
    #expect(try problem(layers(texts.dropLast() + texts.dropLast())) == "accepted")
  }

  @Test func `a font file that is too large is not read`() throws {
    try folder.write([UInt8](repeating: 0, count: TemplateFiles.largestFont + 1), as: "huge.ttf")
    #expect(try problem(layers([#"{"text":"a","font":"huge.ttf"}"#])).contains("it has 33554433 bytes; at most 33554432 are accepted"))
  }

  @Test func `letters as high as half of the largest picture stay within their limit`() throws {
    try folder.write(layers([#"{"text":"{prompt}","font_size":0.5}"#]), as: "card.json")
    let template = try TemplateLibrary(directory: folder.path).template("card")
    let size = PictureSize(width: 4096, height: 4096)!
    var job = ImageJob(prompt: String(repeating: "W", count: 32_000), size: size, encoding: .png)
    job.template = (template, TemplateWords())
    #expect(try decoded(ImageRenderer().image(of: job)).width == 4096)
  }

  @Test func `the worst layers on the largest picture take no memory beyond their canvas`() throws {
    let texts = (0..<Template.mostTexts).map { _ in #"{"text":"{prompt}{prompt}","font_size":[0.005,0.5]}"# }
    try folder.write(layers(texts), as: "card.json")
    let template = try TemplateLibrary(directory: folder.path).template("card")
    var job = ImageJob(prompt: String((0..<4000).map { Character(Unicode.Scalar(0x4e00 + $0)!) }), size: .square1024, encoding: .png)
    job.template = (template, TemplateWords())
    #expect(try ImageRenderer().image(of: job).count > 1000)
  }

  @Test func `files outside the directory are not shown, whatever the name`() throws {
    try folder.writeOutside(TemplateFolder.png(width: 1, height: 1), as: "secret.png")
    folder.link("out.png", to: "../outside/secret.png")
    folder.link("absolute.png", to: folder.outside + "/secret.png")
    folder.link("circle.png", to: "circle.png")
    folder.link("chain.png", to: "out.png")
    folder.link("inside.png", to: "logo.png")
    for name in ["out.png", "absolute.png", "circle.png", "chain.png"] {
      #expect(try problem(layers([#"{"image":"\#(name)"}"#])).contains("it is a symbolic link that leads out"), "\(name)")
    }
    for name in ["../outside/secret.png", folder.outside + "/secret.png", "..", "./logo.png"] {
      #expect(try problem(layers([#"{"image":"\#(name)"}"#])).contains("cannot be read"), "\(name)")
    }
    #expect(try problem(layers([#"{"image":"inside.png"}"#])) == "accepted")
  }

  @Test(arguments: ["../outside/evil", "/etc/passwd", "a/b", "..", "", "a\u{0}b", ".hidden", String(repeating: "a", count: 300)])
  func `a name of a template leads nowhere else`(_ name: String) throws {
    try folder.writeOutside(Array(#"{"layers":[{"fill":"look"}]}"#.utf8), as: "evil.json")
    #expect(throws: TemplateError.self) { try TemplateLibrary(directory: folder.path).template(name) }
    #expect(throws: TemplateError.self) { try TemplateLibrary(directory: folder.path).check(name) }
  }

  private static func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xedb8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
