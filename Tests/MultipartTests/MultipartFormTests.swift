import FoundationEssentials
import Multipart
import Testing

/// A form that OpenAI's Python client sent; see `Bodies/record.py`.
private func recorded(_ name: String) throws -> MultipartForm {
  let file = Array(try Data(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Bodies/\(name).body")))
  let line = try #require(file.firstIndex(of: 10))
  return try MultipartForm(parsing: Array(file[(line + 1)...]), contentType: String(decoding: file[..<line], as: UTF8.self))
}

/// Parses a body whose lines end as Swift's do.
private func form(
  _ body: String, lineEnd: String = "\r\n", type: String = "multipart/form-data; boundary=b", limits: MultipartLimits = MultipartLimits()
) throws(MultipartError) -> MultipartForm {
  try MultipartForm(parsing: Array(body.replacing("\n", with: lineEnd).utf8), contentType: type, limits: limits)
}

private func part(_ headers: String, _ content: String = "x") -> String { "--b\n\(headers)\n\n\(content)\n" }

private func field(_ name: String, _ content: String = "x") -> String { part("Content-Disposition: form-data; name=\"\(name)\"", content) }

@Suite struct MultipartFormTests {
  @Test func `the form of an edit with one image is read`() throws {
    let form = try recorded("edit-one")
    #expect(form.parts.map(\.name) == ["prompt", "n", "size", "image"])
    #expect(form.parts.map(\.text).prefix(3) == ["A hat, ünïcode 猫\r\nand a line", "2", "1024x1024"])
    #expect(form.parts[3].filename == "cat.png" && form.parts[3].contentType == "image/png")
    #expect(form.parts[3].content.starts(with: [0x89, 0x50, 0x4e, 0x47]) && form.parts[3].content.count == 70)
  }

  @Test func `the form of an edit with several images, a mask and nested names is read`() throws {
    let form = try recorded("edit-many")
    #expect(form.parts.filter { $0.filename != nil }.map(\.name) == ["image[]", "image[]", "image[]", "mask"])
    #expect(form.parts.compactMap(\.filename) == ["a.png", "b \"quoted\".webp", "upload", "mask.png"])
    #expect(form.parts.first { $0.name == "svg[reasoning][effort]" }?.text == "low")
    #expect(form.parts.first { $0.name == "stream" }?.text == "true")
    #expect(form.parts.filter { $0.filename != nil }.allSatisfy { $0.content.count == 70 })
  }

  @Test func `the form of a variation is read`() throws {
    let form = try recorded("variation")
    #expect(form.parts.map(\.name) == ["response_format", "user", "image"])
    #expect(form.parts[2].contentType == "application/octet-stream" && form.parts[2].filename == "upload")
  }

  static let read: [(body: String, fields: [String: String])] = [
    ("preamble\n\(a)--b--\nepilogue\n--b\n", ["a": "x"]),
    ("--b--", [:]),
    (field("a", "") + field("b", "\n\n") + "--b--", ["a": "", "b": "\r\n\r\n"]),
    ("--b  \t\nContent-Disposition: form-data; name=a\n\nx\n--b--", ["a": "x"]),
    (one("content-disposition:form-data;name=\"a\"\nX-Other: 1\nContent-Transfer-Encoding: binary"), ["a": "x"]),
    (one("CONTENT-DISPOSITION \t:\t FORM-DATA;NAME=a\nContent-Type :"), ["a": "x"]),
    (one("Content-Disposition: form-data;\n\tname=\"a\"\nX-Folded: 1\n  2\n 3"), ["a": "x"]),
    (
      "\n--b \nContent-Disposition: form-data; name=a\n\nx\n--b\t \nContent-Disposition: form-data; name=b\n\ny\n--b--  \n\n\nmore",
      ["a": "x", "b": "y"]
    ),
    ("\n--b--\n", [:]),
  ]

  @Test(arguments: read)
  func `what the grammar allows is read`(body: String, fields: [String: String]) throws {
    let parts = try form(body).parts
    #expect(Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.text ?? "?") }) == fields)
  }

  @Test(arguments: read)
  func `a form whose lines end with LF alone is read as well`(body: String, fields: [String: String]) throws {
    let parts = try form(body, lineEnd: "\n").parts
    #expect(Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.text?.replacing("\n", with: "\r\n") ?? "?") }) == fields)
  }

  @Test func `in a form with CRLF a boundary after LF alone is content, and LF may end a header and the form`() throws {
    let body = "--b\r\nContent-Disposition: form-data; name=a\nX: 1\n\nx\n--b\ny\r\n--b--\n"
    #expect(try form(body, lineEnd: "\n").parts.map(\.text) == ["x\n--b\ny"])
  }

  @Test func `what merely begins like the boundary is content`() throws {
    let parts = try form(field("a", "--bx\n--b-\n --b\n-") + "--b--").parts
    #expect(parts.map(\.text) == ["--bx\r\n--b-\r\n --b\r\n-"])
  }

  @Test(arguments: [
    (#"form-data; name="image[]"; filename="a\"b.png""#, "image[]", #"a"b.png"#),
    (#"form-data; name="a"; filename="C:\new\cat.png""#, "a", #"C:\new\cat.png"#),
    (#"form-data; name="a%22b"; filename="100%25 %0D%0A.png""#, "a\"b", "100%25 \r\n.png"),
    (#"form-data; filename="x.png"; filename*=UTF-8'en'%e7%8c%ab.png; name=a"#, "a", "猫.png"),
    (#"form-data; name="a"; filename*=latin1''x; filename="y""#, "a", "y"),
    (#"FORM-DATA ; NAME = "a;b=c" ; FileName = "" ;"#, "a;b=c", ""),
    (#"form-data; name="猫"; filename="""#, "猫", ""),
    (#"form-data; name="a"; filename=my cat, 1.png; size=7"#, "a", "my cat, 1.png"),
    (#"form-data; name="a"; filename=cat;1.png"#, "a", "cat"),
    (#"form-data; name="a"; filename="the "best" cat.png""#, "a", #"the "best" cat.png"#),
    (#"form-data; name="a"; filename="C:\photos\""#, "a", #"C:\photos\"#),
    (#"form-data; name="a"; filename="C:\\photos\\cat.png" ; "#, "a", #"C:\photos\cat.png"#),
    (#"form-data; name="a"; filename="/sdcard/DCIM/a b;c.jpg""#, "a", "/sdcard/DCIM/a b;c.jpg"),
    (#"form-data; name="a"; filename*=iso-8859-1'de'K%E4fer.png"#, "a", "Käfer.png"),
    (#"form-data; name="a"; filename*="utf8''%e7%8c%ab""#, "a", "猫"),
    (#"form-data; name="a"; filename*=UTF-8''%ff; filename="y""#, "a", "y"),
    (#"form-data; name="a"; filename*=UTF-8''%ff"#, "a", ""),
    (#"form-data; name="a"; filename*=cat.png"#, "a", ""),
    (#"form-data; name="a"; filename*1="b%20c"; filename*0*=UTF-8''a%e7; filename*2*=%8c%ab"#, "a", ""),
    (#"form-data; name="a"; filename*1="%b"; filename*0*=UTF-8'en'a%20; filename*2*=%e7%8c%ab.png"#, "a", "a %b猫.png"),
    (#"form-data; name*=utf-8''image%5b%5d; filename="=?UTF-8?B?Yg==?=""#, "image[]", "=?UTF-8?B?Yg==?="),
    (#"form-data; x; name="a"; ; =; filename = "b" ;"#, "a", "b"),
  ])
  func `names are read as they were meant`(disposition: String, name: String, filename: String) throws {
    let parts = try form(part("Content-Disposition: \(disposition)") + "--b--").parts
    #expect(parts.map(\.name) == [name] && parts.map(\.filename) == [filename])
  }

  @Test(arguments: [
    ([0x63, 0xe9, 0x2e, 0x70, 0x6e, 0x67], "cé.png"), ([0x8c, 0xe7, 0x8a, 0x4c], "\u{8c}ç\u{8a}L"),
    (Array("猫\u{1f431}.png".utf8), "猫\u{1f431}.png"), ([0x00, 0x7f, 0x01], "\0\u{7f}\u{1}"),
  ])
  func `a file name may be any bytes`(bytes: [UInt8], name: String) throws {
    let body = Array("--b\r\nContent-Disposition: form-data; name=a; filename=\"".utf8) + bytes + Array("\"\r\n\r\nx\r\n--b--".utf8)
    let parts = try MultipartForm(parsing: body, contentType: "multipart/form-data; boundary=b").parts
    #expect(parts.map(\.filename) == [name] && parts.map(\.text) == ["x"])
  }

  @Test(arguments: [
    ("Content-Type: image/png", [0x78]), ("content-type: IMAGE/JPEG; charset=binary", [0x78]),
    ("Content-Type: application/octet-stream", [0x78]), ("X: 1", [0x89, 0x50, 0x4e, 0x47, 0]), ("X: 1", [0xff, 0xd8, 0xff, 0xe0]),
    ("Content-Type: text/plain", Array("RIFF\0\0\0\0WEBPVP8 ".utf8)),
  ])
  func `an image without a file name is a file`(header: String, content: [UInt8]) throws {
    let head = Array("--b\r\nContent-Disposition: form-data; name=a\r\n\(header)\r\n\r\n".utf8)
    let long = content + [UInt8](repeating: 0, count: 300 << 10)
    let form = try MultipartForm(parsing: head + long + Array("\r\n--b--".utf8), contentType: "multipart/form-data; boundary=b")
    let file = try #require(form.parts.first)
    #expect(file.isFile && file.filename == nil && file.content.count == long.count)
  }

  @Test(arguments: ["X: 1", "Content-Type: text/plain; charset=utf-8", "Content-Type: application/json"])
  func `any other part without a file name is a field`(header: String) throws {
    for content in ["x", "RIFF is a word, WEBP too", "\0"] {
      let field = try #require(try form(part("Content-Disposition: form-data; name=a\n\(header)", content) + "--b--").parts.first)
      #expect(!field.isFile && field.text == content)
    }
  }

  @Test func `doubles are kept in their order`() throws {
    let parts = try form(field("a", "1") + field("b", "2") + field("a", "3") + "--b--").parts
    #expect(parts.map(\.name) == ["a", "b", "a"] && parts.map(\.text) == ["1", "2", "3"])
  }

  static let broken: [(body: String, error: MultipartError)] = [
    ("", .boundaryNotFound), ("hello", .boundaryNotFound), (" --b--", .boundaryNotFound), ("--bb--", .boundaryNotFound),
    (a, .unterminated), ("\(a)--b", .unterminated), ("\(a)--b-", .unterminated), ("--b\n", .unterminated),
    ("--b\n\n--b--", .headerMalformed(part: 1)), ("--b\n\nx\n--b--", .nameMissing(part: 1)), ("--b\n--b--", .headerMalformed(part: 1)),
    ("--bb\n--b", .boundaryNotFound),
    (one(" Content-Disposition: form-data; name=a"), .headerMalformed(part: 1)),
    ("\(a)--b\nContent-Disposition: form-data; name=\"b\"\n--b--", .headerMalformed(part: 2)),
    (one("no header"), .headerMalformed(part: 1)), (one(": x"), .headerMalformed(part: 1)),
    (one("Content-Type: text/plain"), .nameMissing(part: 1)), (one("Content-Disposition: attachment; name=a"), .nameMissing(part: 1)),
    (one("Content-Disposition: form-data; name=\"a"), .nameMissing(part: 1)),
    (one("Content-Disposition: form-data; name=a\nContent-Transfer-Encoding: base64"), .encodingUnsupported(part: 1)),
  ]
  private static let a = field("a")
  private static func one(_ headers: String) -> String { part(headers) + "--b--" }

  @Test(arguments: broken)
  func `what is broken says how`(body: String, error: MultipartError) {
    #expect(throws: error) { try form(body) }
  }

  @Test(arguments: [
    ("application/json", MultipartError.notMultipart), ("multipart/mixed; boundary=b", .notMultipart), ("", .notMultipart),
    ("multipart/form-data", .boundaryMissing), ("multipart/form-data; boundary=", .boundaryMissing),
    ("multipart/form-data; boundary=\"\"; charset=utf-8", .boundaryMissing), ("multipart/form-data; boundary=\"b", .contentTypeMalformed),
    ("multipart/form-data; boundary=\"a b \"", .boundaryIllegal), ("multipart/form-data; boundary=a\u{e9}", .boundaryIllegal),
    ("multipart/form-data; boundary=a\u{7}", .boundaryIllegal), ("multipart/form-data; boundary=\"a\tb\"", .boundaryIllegal),
    ("multipart/form-data; boundary=\(String(repeating: "b", count: 257))", .boundaryTooLong(length: 257, limit: 256)),
  ])
  func `a content type without a usable boundary is refused`(type: String, error: MultipartError) {
    #expect(throws: error) { try MultipartForm(parsing: Array("--b--".utf8), contentType: type) }
  }

  /// Not among the arguments above, lest a test run prints all of it.
  @Test func `a boundary of a megabyte is refused`() {
    let type = "multipart/form-data; boundary=" + String(repeating: "b", count: 1 << 20)
    #expect(throws: MultipartError.boundaryTooLong(length: 1 << 20, limit: 256)) {
      try MultipartForm(parsing: Array("--b--".utf8), contentType: type)
    }
  }

  @Test(arguments: [
    ("boundary=----LangChain4j", "----LangChain4j"), ("boundary=*****1421045301108*****", "*****1421045301108*****"),
    ("boundary={3fbb1f0e}", "{3fbb1f0e}"), ("boundary=\"=_Part_1; 2\"", "=_Part_1; 2"), ("boundary=\"a b  c\"", "a b  c"),
    ("boundary='a'", "'a'"), ("boundary==_1.2:3/4?5=", "=_1.2:3/4?5="), ("boundary=a%22b%0D", "a%22b%0D"),
    ("boundary=\"a\\\"b\"", "a\"b"), ("BOUNDARY = \"b\" ; charset", "b"), ("charset=\"x;boundary=c\" ;\t boundary=b  ", "b"),
    ("boundary=b; boundary=c", "b"), ("boundary=-", "-"), ("boundary=--", "--"), ("boundary=#&!$~^`|@[]<>", "#&!$~^`|@[]<>"),
    ("boundary=" + String(repeating: "b", count: 70), String(repeating: "b", count: 70)),
    ("boundary=\"" + String(repeating: "b", count: 256) + "\"", String(repeating: "b", count: 256)),
    ("boundary=\"'()+_,-./:=? x\"", "'()+_,-./:=? x"),
  ])
  func `boundaries are read as clients write them`(parameters: String, boundary: String) throws {
    let part = "--\(boundary)\nContent-Disposition: form-data; name=a\n\nx\n"
    let parts = try form(part + part + "--\(boundary)--", type: "Multipart/Form-Data; \(parameters)").parts
    #expect(parts.map(\.text) == ["x", "x"])
  }

  @Test func `parts, headers, fields and files have limits`() throws {
    var limits = MultipartLimits()
    (limits.parts, limits.headerBytes, limits.fieldBytes, limits.fileBytes) = (3, 60, 4, 6)
    func body(_ count: Int) -> String { String(repeating: field("a"), count: count) + "--b--" }
    #expect(try form(body(3), limits: limits).parts.count == 3)
    #expect(throws: MultipartError.tooManyParts(limit: 3)) { try form(body(4), limits: limits) }
    #expect(try form(field("a", "1234") + "--b--", limits: limits).parts.count == 1)
    #expect(throws: MultipartError.contentTooLong(name: "a", limit: 4)) { try form(field("a", "12345") + "--b--", limits: limits) }
    let file = "Content-Disposition: form-data; name=a; filename=b"
    #expect(try form(part(file, "123456") + "--b--", limits: limits).parts.count == 1)
    #expect(throws: MultipartError.contentTooLong(name: "a", limit: 6)) { try form(part(file, "1234567") + "--b--", limits: limits) }
    let long = "X: " + String(repeating: "x", count: 60)
    #expect(throws: MultipartError.headersTooLong(limit: 60)) { try form(part(long) + "--b--", limits: limits) }
  }

  @Test func `ten thousand parts are refused, and a long body without line ends`() {
    #expect(throws: MultipartError.tooManyParts(limit: 64)) { try form(String(repeating: field("a"), count: 10_000) + "--b--") }
    #expect(throws: MultipartError.headersTooLong(limit: 4096)) {
      try form("--b\n" + String(repeating: "x", count: 1 << 20) + "\n--b--")
    }
  }

  @Test func `a form cut short anywhere is refused`() throws {
    let file = part("Content-Disposition: form-data; name=b; filename=c\nContent-Type: image/png", "xyz")
    let whole = "preamble\n" + field("a") + file + "--b--"
    for length in 0..<whole.utf8.count {
      #expect(throws: MultipartError.self) { try form(String(whole.prefix(length))) }
    }
    #expect(try form(whole).parts.count == 2)
  }
}
