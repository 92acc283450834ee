import Drawing
import ImageCoding
import ImageGeneration
import ImageStore
import Testing

@testable import Templates

@Suite struct TemplatePictureTests {
  private static let timestamp = "2026-01-02 03:04:05"
  private let renderer: ImageRenderer
  private let folder: TemplateFolder

  init() throws {
    renderer = try ImageRenderer(timestamp: Self.timestamp)
    folder = try TemplateFolder()
  }

  static let sizes = ["256x256", "1024x1024", "1792x1024", "1024x1792", "3840x2160", "64x1024", "1000x64", "33x47"]

  private func pixels(_ job: ImageJob, _ index: Int = 0, stage: RenderStage = .finished) throws -> DecodedImage {
    try decoded(renderer.image(of: job, index, stage: stage))
  }

  private func draw(_ layers: String, _ job: ImageJob, words: TemplateWords = TemplateWords()) throws -> DecodedImage {
    try folder.write("{\"layers\": [\(layers)]}", as: "card.json")
    var job = job
    job.template = (try TemplateLibrary(directory: folder.path).template("card"), words)
    return try pixels(job)
  }

  private func job(_ size: String = "200x100", prompt: String = "A lake") -> ImageJob { ImageJob(prompt: prompt, size: PictureSize(size)!) }

  // MARK: Built-in templates

  @Test(arguments: sizes, Quality.allCases)
  func `the templates that are built in draw what is drawn without one`(_ size: String, _ quality: Quality) throws {
    for (number, prompt) in ["A lake at dawn", "Ein langer Satz, der in mehrere Zeilen gesetzt wird 🌊", "湖", ""].enumerated() {
      for style in Style.allCases {
        var job = ImageJob(prompt: prompt, size: PictureSize(size)!, quality: quality, style: style, seed: UInt64(number))
        let plain = try pixels(job, number)
        job.template = (try TemplateLibrary().template(quality == .hd ? "hd" : "standard"), TemplateWords())
        #expect(try pixels(job, number) == plain, "\(size) \(quality) \(style) \(prompt)")
      }
    }
  }

  @Test(arguments: Quality.allCases, Motion.allCases)
  func `they move like pictures without one, and are as coarse before they are finished`(_ quality: Quality, _ motion: Motion) throws {
    let encoding = Encoding(.gif, animation: .init(frameCount: 3, motion: motion))
    var job = ImageJob(prompt: "A lake", size: PictureSize("200x100")!, quality: quality, encoding: encoding)
    let partial = RenderStage.partial(0, of: 2)
    let (plain, coarse) = (try renderer.image(of: job), try renderer.image(of: job, stage: partial))
    job.template = (try TemplateLibrary().template(quality == .hd ? "hd" : "standard"), TemplateWords())
    #expect(try Self.withoutComment(renderer.image(of: job)) == Self.withoutComment(plain))
    #expect(try Self.withoutComment(renderer.image(of: job, stage: partial)) == Self.withoutComment(coarse))
  }

  /// The metadata names the template.
  private static func withoutComment(_ gif: [UInt8]) -> ArraySlice<UInt8> {
    let mark: [UInt8] = [0x21, 0xfe]
    guard let start = gif.indices.first(where: { gif[$0...].starts(with: mark) }) else { return gif[...] }
    var end = start + 2
    while gif[end] != 0 { end += Int(gif[end]) + 1 }
    return gif[..<start] + gif[(end + 1)...]
  }

  @Test(arguments: [Pattern.scales, .dots])
  func `a pattern that the request names is the request's`(_ pattern: Pattern) throws {
    var named = job("256x256")
    (named.quality, named.pattern) = (.hd, pattern)
    let plain = try pixels(named)
    named.template = (try TemplateLibrary().template("hd"), TemplateWords())
    #expect(try pixels(named) == plain)
    let fills = try ["request", pattern.rawValue].map { try draw(#"{"fill": "gradient"}, {"fill": {"pattern": "\#($0)"}}"#, named) }
    #expect(fills[0] == fills[1])
  }

  @Test func `the fill look follows the quality`() throws {
    for quality in Quality.allCases {
      var plain = job("256x256")
      plain.quality = quality
      let text = #"{"text": "{prompt}", "place": "title"}, {"text": "{model} | {time}", "place": "watermark"}"#
      #expect(try draw(#"{"fill": "look"}, "# + text, plain) == pixels(plain))
    }
  }

  // MARK: Fills

  @Test func `what no layer covers is white`() throws {
    let drawn = try draw(##"{"fill": "#123456", "at": [0.5, 0], "size": [0.5, 1]}"##, job())
    #expect(drawn[0, 0] == [255, 255, 255])
    #expect(drawn[99, 50] == [255, 255, 255])
    #expect(drawn[100, 50] == [0x12, 0x34, 0x56])
    #expect(drawn[199, 99] == [0x12, 0x34, 0x56])
  }

  @Test func `layers lie on those before them`() throws {
    let layers = [
      ##"{"fill": "#f00"}"##, ##"{"fill": "#00f", "at": [0, 0], "size": [0.5, 1], "opacity": 0.5}"##,
      ##"{"fill": "#0f0", "at": [0, 0], "size": [0.1, 1]}"##,
    ]
    let drawn = try draw(layers.joined(separator: ","), job())
    #expect(drawn[10, 10] == [0, 255, 0])
    #expect(drawn[50, 10] == [128, 0, 128])
    #expect(drawn[150, 10] == [255, 0, 0])
  }

  @Test func `corners are round, and an inset is a part of the shorter side`() throws {
    let drawn = try draw(##"{"fill": "#000", "inset": 0.1, "corners": 0.2}"##, job())
    #expect(drawn[9, 50] == [255, 255, 255])
    #expect(drawn[10, 50] == [0, 0, 0])
    #expect(drawn[189, 50] == [0, 0, 0])
    #expect(drawn[190, 50] == [255, 255, 255])
    #expect(drawn[11, 11] == [255, 255, 255])
    #expect(drawn[100, 10] == [0, 0, 0])
  }

  @Test func `a gradient leads from its first colour to its second`() throws {
    let drawn = try draw(##"{"fill": {"gradient": ["#000", "#fff"], "direction": "horizontal"}}"##, job())
    let row = (0..<200).map { drawn[$0, 50][0] }
    #expect(row.first == 0 && row.last == 255)
    #expect(zip(row, row.dropFirst()).allSatisfy { $0 <= $1 })
    let part = try draw(##"{"fill": {"gradient": ["#000", "#fff"], "direction": "vertical"}, "at": [0, 0.5], "size": [1, 0.5]}"##, job())
    #expect(part[0, 49] == [255, 255, 255] && part[0, 50] == [0, 0, 0] && part[0, 99] == [255, 255, 255])
  }

  @Test func `a pattern is drawn in its rectangle and its colour only`() throws {
    let pattern = ##"{"fill": {"pattern": "checkerboard", "colour": "#f00"}, "at": [0, 0], "size": [0.5, 1]}"##
    let drawn = try draw(##"{"fill": "#000"}, "## + pattern, job())
    var colours: Set<[UInt8]> = []
    for x in 0..<100 { for y in 0..<100 { colours.insert(Array(drawn[x, y].dropFirst())) } }
    #expect(colours == [[0, 0]])
    #expect((0..<100).contains { drawn[$0, $0][0] > 0 })
    #expect((100..<200).allSatisfy { drawn[$0, 50] == [0, 0, 0] })
  }

  @Test(arguments: [##", "colour": "#000""##, ""]) func `a pattern in a grey is drawn in its rectangle only`(_ colour: String) throws {
    let pattern = ##"{"fill": {"pattern": "checkerboard"\##(colour)}, "at": [0, 0], "size": [0.5, 1]}"##
    let drawn = try draw(##"{"fill": "#888"}, "## + pattern, job())
    #expect((0..<100).contains { drawn[$0, $0] != [136, 136, 136] })
    #expect((100..<200).allSatisfy { x in (0..<100).allSatisfy { drawn[x, $0] == [136, 136, 136] } })
  }

  @Test(arguments: Quality.allCases) func `the gradient of a request has the direction that the template says`(_ quality: Quality) throws {
    for seed in 0..<7 {
      var job = job("64x64")
      (job.quality, job.seed) = (quality, UInt64(seed))
      let across = try draw(#"{"fill": {"gradient": "request", "direction": "horizontal"}}"#, job)
      let down = try draw(#"{"fill": {"gradient": "request", "direction": "vertical"}}"#, job)
      #expect((0..<64).allSatisfy { across[$0, 0] == across[$0, 63] } && across[0, 0] != across[63, 0], "\(seed)")
      #expect((0..<64).allSatisfy { down[0, $0] == down[63, $0] } && down[0, 0] != down[0, 63], "\(seed)")
    }
  }

  // MARK: Images

  @Test func `an image without more members is shown whole, in the middle`() throws {
    #expect(try draw(#"{"image": "logo.png", "at": [0, 0], "size": [0.5, 1]}"#, job()).box(of: [200, 30, 60]) == [0, 25, 99, 74])
  }

  @Test(arguments: [("left", [0, 0, 99, 49]), ("right", [300, 0, 399, 49]), ("centre", [150, 0, 249, 49])])
  func `an image in a wide rectangle is at its edge`(_ align: String, _ box: [Int]) throws {
    let layer = #"{"image": "logo.png", "at": [0, 0], "size": [1, 0.5], "align": "\#(align)"}"#
    #expect(try draw(layer, job("400x100")).box(of: [200, 30, 60]) == box)
  }

  /// An image of two colours, one beside the other or one above the other.
  private func writeHalves(_ first: [UInt8], _ second: [UInt8], isTall: Bool) throws {
    let (width, height) = isTall ? (20, 80) : (80, 20)
    var rows: [UInt8] = []
    for y in 0..<height {
      rows.append(0)
      for x in 0..<width { rows += (isTall ? 2 * y < height : 2 * x < width) ? first : second }
    }
    var encoder = PNGEncoder()
    try folder.write(encoder.encode(rows.span, width: width, height: height), as: "halves.png")
  }

  @Test func `what is cut off a covering image is at the other edge`() throws {
    let (red, blue): ([UInt8], [UInt8]) = ([255, 0, 0], [0, 0, 255])
    for (isTall, member) in [(true, "valign"), (false, "align")] {
      try writeHalves(red, blue, isTall: isTall)
      for (value, colour) in [(isTall ? "top" : "left", red), (isTall ? "bottom" : "right", blue)] {
        let drawn = try draw(##"{"image": "halves.png", "fit": "cover", "\##(member)": "\##(value)"}"##, job("100x100"))
        #expect(drawn.box(of: colour) == [0, 0, 99, 99], "\(member) \(value)")
      }
    }
  }

  @Test func `the part of an image within the picture is seen, not another one`() throws {
    try writeHalves([255, 0, 0], [0, 0, 255], isTall: false)
    let left = try draw(#"{"image": "halves.png", "at": [-0.5, 0], "size": [1, 1], "fit": "stretch"}"#, job())
    #expect(left[10, 50] == [0, 0, 255] && left.box(of: [255, 0, 0]) == nil)
    let right = try draw(#"{"image": "halves.png", "at": [0.5, 0], "size": [1, 1], "fit": "stretch"}"#, job())
    #expect(right[189, 50] == [255, 0, 0] && right.box(of: [0, 0, 255]) == nil)
  }

  @Test func `an opaque image has its opacity as well`() throws {
    let drawn = try draw(#"{"image": "logo.png", "fit": "stretch", "opacity": 0.5}"#, job())
    #expect((226...228).contains(Int(drawn[100, 50][0])) && (142...143).contains(Int(drawn[100, 50][1])))
  }

  @Test(arguments: [
    ("contain", "centre", "middle", [0, 25, 99, 74]), ("contain", "centre", "top", [0, 0, 99, 49]),
    ("contain", "centre", "bottom", [0, 50, 99, 99]), ("stretch", "left", "top", [0, 0, 99, 99]), ("cover", "left", "top", [0, 0, 99, 99]),
  ]) func `an image is fitted into its rectangle`(fit: String, align: String, valign: String, box: [Int]) throws {
    let layer = #"{"image": "logo.png", "at": [0, 0], "size": [0.5, 1], "fit": "\#(fit)", "align": "\#(align)", "valign": "\#(valign)"}"#
    #expect(try draw(layer, job()).box(of: [200, 30, 60]) == box)
  }

  @Test func `an image beyond the edge is cut off`() throws {
    let drawn = try draw(#"{"image": "logo.png", "at": [-0.25, 0], "size": [0.5, 1], "fit": "stretch"}"#, job())
    #expect(drawn.box(of: [200, 30, 60]) == [0, 0, 49, 99])
    #expect(try draw(#"{"image": "logo.png", "at": [1, 1], "size": [0.5, 1]}"#, job()).box(of: [200, 30, 60]) == nil)
  }

  @Test func `transparent parts and opacity let what is below shine through`() throws {
    try folder.write(TemplateFolder.png(width: 8, height: 8, hasAlpha: true, [255, 0, 0]), as: "half.png")
    let drawn = try draw(#"{"image": "half.png", "fit": "stretch"}"#, job())
    #expect(drawn[100, 50][0] == 255)
    #expect((126...128).contains(Int(drawn[100, 50][1])))
    let fainter = try draw(#"{"image": "half.png", "fit": "stretch", "opacity": 0.5}"#, job())
    #expect((190...192).contains(Int(fainter[100, 50][1])))
  }

  @Test func `the upload of an edit or a variation is an image`() throws {
    let upload = try SourceImages(images: [TemplateFolder.png(width: 30, height: 30, [1, 2, 3])])
    try folder.write(#"{"layers": [{"image": "{upload}", "fit": "cover"}]}"#, as: "card.json")
    try folder.write(##"{"layers": [{"fill": "#0f0"}]}"##, as: "green.json")
    let library = TemplateLibrary(directory: folder.path)
    for operation in [ImageJob.Operation.edit, .variation] {
      var job = ImageJob(operation, prompt: "A lake", size: PictureSize("200x100")!)
      let plain = try decoded(renderer.image(of: job, sources: upload))
      job.template = (try library.template("card"), TemplateWords())
      #expect(try decoded(renderer.image(of: job, sources: upload)).box(of: [1, 2, 3]) == [0, 0, 199, 99])
      job.template = (try library.template("green"), TemplateWords())
      let other = try decoded(renderer.image(of: job, sources: upload))
      #expect(other == plain, "a template without the upload would hide it")
    }
    #expect(try draw(#"{"image": "{upload}"}"#, job())[50, 50] == [255, 255, 255], "a generation has no upload")
  }

  // MARK: Texts

  @Test func `words are those of the picture and of the request`() throws {
    let words = TemplateWords(quality: "high", count: 3, requestID: "req_1", key: "abcd")
    func drawn(_ text: String) throws -> DecodedImage {
      try draw(#"{"text": "\#(text)", "font_size": 0.06}"#, job("1024x256"), words: words)
    }
    let all = "{prompt} {model} {size} {quality} {style} {index}/{n} {seed} {time} {request_id} {key} {{}"
    #expect(try drawn(all) == drawn("A lake dall-e-3 1024x256 high vivid 1/3 0 \(Self.timestamp) req_1 abcd {{}"))
    #expect(try drawn("a") != drawn("b"))
  }

  @Test(arguments: [("left", "top"), ("centre", "middle"), ("right", "bottom")])
  func `a text is at its edge`(align: String, valign: String) throws {
    let edges = ##""align": "\##(align)", "valign": "\##(valign)", "colour": "#f00""##
    let layer = ##"{"text": "Hamburg", "at": [0.25, 0.25], "size": [0.5, 0.5], "font_size": 0.1, \##(edges)}"##
    let box = try #require(try draw(layer, job("400x200")).boxOfOthers(than: [255, 255, 255]))
    switch align {
    case "left": #expect((100...103).contains(box[0]))
    case "right": #expect((296...299).contains(box[2]))
    default: #expect(abs(box[0] + box[2] - 400) <= 4)
    }
    switch valign {
    case "top": #expect((50...58).contains(box[1]))
    case "bottom": #expect((140...149).contains(box[3]))
    default: #expect(abs(box[1] + box[3] - 200) <= 8)
    }
  }

  @Test func `lines begin at the same edge`() throws {
    func rows(_ align: String) throws -> [(first: Int, last: Int)] {
      let layer = ##"{"text": "llllllllllllll\nl\nlllll", "font_size": 0.1, "align": "\##(align)", "colour": "#000"}"##
      return try draw(layer, job("400x200")).rows(otherThan: [255, 255, 255])
    }
    #expect(try Set(rows("left").map(\.first)).count <= 2)
    #expect(try Set(rows("right").map(\.last)).count <= 2)
    #expect(try Set(rows("centre").map(\.first)).count > 2)
  }

  @Test func `a text has at most its lines, and letters of at most its size`() throws {
    func height(_ members: String) throws -> Int {
      let layer = ##"{"text": "{prompt}", "valign": "top", "colour": "#000", \##(members)}"##
      let drawn = try draw(layer, job("400x400", prompt: String(repeating: "word ", count: 60)))
      let box = try #require(drawn.boxOfOthers(than: [255, 255, 255]))
      return box[3] - box[1]
    }
    #expect(try height(#""font_size": 0.06, "lines": 1"#) < 30)
    #expect(try height(#""font_size": 0.06, "lines": 3"#) < 100)
    #expect(try height(#""font_size": 0.06"#) > 100)
  }

  @Test(arguments: [("#000", [UInt8](repeating: 252, count: 3)), ("#fff", [UInt8](repeating: 14, count: 3))])
  func `a text without a colour can be read on what is below it`(_ below: String, _ ink: [UInt8]) throws {
    for fill in [#"{"fill": "\#(below)"}"#, #"{"fill": "\#(below)", "at": [0, 0], "size": [1, 0.99]}"#] {
      let drawn = try draw(fill + #", {"text": "H", "at": [0, 0], "size": [1, 0.5], "font_size": 0.4}"#, job())
      #expect(drawn.box(of: ink) != nil, "\(fill)")
    }
  }

  @Test(arguments: [("#000", [UInt8](repeating: 252, count: 3)), ("#fff", [UInt8](repeating: 14, count: 3))])
  func `a text without a colour can be read on an image, and through a translucent fill`(_ below: String, _ ink: [UInt8]) throws {
    let level: UInt8 = below == "#000" ? 0 : 255
    try folder.write(TemplateFolder.png(width: 9, height: 9, [level, level, level]), as: "below.png")
    let other = below == "#000" ? "#fff" : "#000"
    let layers = [
      #"{"image": "below.png", "fit": "stretch"}"#, #"{"fill": "\#(below)"}, {"fill": "\#(other)", "opacity": 0.1}"#,
    ]
    for layers in layers {
      let drawn = try draw(layers + #", {"text": "H", "font_size": 0.4}"#, job())
      #expect(drawn.box(of: ink) != nil, "\(layers)")
    }
    let half = try draw(layers[0] + #", {"text": "H", "font_size": 0.4, "opacity": 0.5}"#, job())
    #expect(half.box(of: ink) == nil && half.boxOfOthers(than: [level, level, level]) != nil)
  }

  @Test func `a pattern on an image is less of a contrast than text, and fainter with opacity`() throws {
    try folder.write(TemplateFolder.png(width: 9, height: 9, [90, 90, 90]), as: "grey.png")
    func darkest(_ members: String) throws -> UInt8 {
      let drawn = try draw(#"{"image": "grey.png", "fit": "stretch"}, {"fill": {"pattern": "checkerboard"}\#(members)}"#, job())
      #expect(!drawn.hasLike { $0[0] > 90 })
      return try #require((0..<100).flatMap { y in (0..<200).map { drawn[$0, y][0] } }.min())
    }
    #expect(try darkest("") < darkest(#", "opacity": 0.5"#))
    #expect(try darkest(#", "opacity": 0.5"#) < 90)
  }

  @Test func `letters are regular unless they are said to be semibold`() throws {
    let text = #"{"text": "Hamburg", "font_size": 0.3"#
    #expect(try draw(text + "}", job()) == draw(text + #", "weight": "regular"}"#, job()))
    #expect(try draw(text + "}", job()) != draw(text + #", "weight": "semibold"}"#, job()))
  }

  @Test func `a text has its colour and its opacity`() throws {
    let whole = try draw(##"{"text": "H", "font_size": 0.5, "colour": "#00ff00"}"##, job())
    #expect(whole.box(of: [0, 255, 0]) != nil)
    let half = try draw(##"{"text": "H", "font_size": 0.5, "colour": "#000", "opacity": 0.5}"##, job())
    #expect(half.box(of: [128, 128, 128]) != nil)
    #expect(half.box(of: [0, 0, 0]) == nil)
  }

  @Test func `a font of its own writes otherwise`() throws {
    try folder.write(try #require([UInt8].file("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")), as: "bold.ttf")
    let text = #"{"text": "Hamburg", "font_size": 0.3"#
    #expect(try draw(text + #", "font": "bold.ttf"}"#, job()) != draw(text + "}", job()))
  }

  // MARK: Formats

  @Test(arguments: ImageFormat.allCases) func `all formats show it, and their metadata name it`(_ format: ImageFormat) throws {
    try folder.write(#"{"layers": [{"fill": "primary"}, {"text": "{prompt}"}]}"#, as: "card.json")
    var job = ImageJob(prompt: "A lake", size: PictureSize("200x100")!, encoding: Encoding(format))
    job.template = (try TemplateLibrary(directory: folder.path).template("card"), TemplateWords())
    let file = try renderer.image(of: job)
    #expect(file.containsText(#""template":"card""#) || file.containsText("&quot;template&quot;:&quot;card&quot;"))
  }

  @Test func `a transparent picture lacks the lowest fills of the whole picture`() throws {
    try folder.write(
      ##"{"layers": [{"fill": "look"}, {"fill": "#f00", "at": [0, 0], "size": [0.5, 1]}, {"fill": "#00f", "at": [0.5, 0], "size": [0.25, 1], "opacity": 0.5}]}"##,
      as: "card.json")
    var job = job()
    job.isTransparent = true
    job.template = (try TemplateLibrary(directory: folder.path).template("card"), TemplateWords())
    let drawn = try pixels(job)
    #expect(drawn.rgba(50, 50) == [255, 0, 0, 255])
    #expect(drawn.rgba(180, 50)[3] == 0)
    let half = drawn.rgba(120, 50)
    #expect((126...129).contains(Int(half[3])) && half[2] >= 253 && half[0] <= 2)
  }

  // MARK: A card

  @Test(arguments: sizes) func `a card with logo, title and footer has all three at every size`(_ size: String) throws {
    let drawn = try draw(
      ##"""
      {"fill": "#101828"},
      {"image": "logo.png", "at": [0, 0], "size": [0.3, 0.3], "inset": 0.05, "align": "left", "valign": "top"},
      {"text": "{prompt}", "at": [0, 0.3], "size": [1, 0.5], "inset": 0.05, "align": "left", "font_size": [0.03, 0.12], "weight": "semibold", "colour": "#0f0"},
      {"text": "{model} {size}", "at": [0, 0.8], "size": [1, 0.2], "inset": 0.03, "align": "left", "valign": "bottom", "font_size": [0.02, 0.04], "lines": 1,
        "colour": "#00f"}
      """##, job(size))
    #expect(drawn.box(of: [200, 30, 60]) != nil)
    let short = min(drawn.width, drawn.height)
    guard short >= 200 else { return }
    #expect(drawn.box(of: [0, 255, 0]) != nil)
    #expect(drawn.hasLike { $0[2] > 100 && $0[1] < 40 && $0[0] < 40 })
  }
}
