import JSON
import Testing

@testable import Templates

/// Each broken template is refused with its file, the place of the mistake and what would be right. « marks the place.
@Suite struct BrokenTemplatesTests {
  struct Broken: CustomTestStringConvertible {
    let marked: String
    let message: String
    var testDescription: String { marked }
  }

  /// A layer after another one, on a line of its own.
  private static func layer(_ layer: String) -> String { "{\n  \"layers\": [\n    {\"fill\": \"look\"},\n    \(layer)\n  ]\n}\n" }

  static let documents: [(String, String)] = [
    ("«", "expected a value"), ("«[]", "a template must be an object, not an array; allowed members: description, layers"),
    ("«null", "a template must be an object, not null"), ("«\"layers\"", "a template must be an object, not a string"),
    ("{\"layers\": [«", "expected a value"), ("{\"layers\": [{\"fill\": \"look\"}«", "expected ',' or ']'"),
    ("{«layers: []}", "expected a name in double quotes"),
    ("{\"layers\" «[]}", "expected ':'"),
    ("{\"layers\": []}«}", "the end of the document"),
    ("{\"layers\": [{\"fill\": «look}]}", "expected a value"), ("{\"layers\": [{\"fill\": \"look«\n\"}]}", "the end of the string"),
    ("{\"layers\": [{\"fill\": \"look\",«}]}", "expected a name in double quotes"), ("«// a comment\n{}", "expected a value"),
    ("{\"layers\": [{\"fill\": \"\\«x\"}]}", "after a backslash"), ("{\"layers\": «1e999}", "the number is out of range"),
    ("«{}", "a template has no member \"layers\"; it must have a list of 1 to 32 layers"),
    ("{\"layers\": «[]}", "has 0 layers; allowed: 1 to 32"), ("{\"layers\": «{}}", "must be a list of layers, not an object"),
    ("{\"layers\": «\"look\"}", "must be a list of layers, not a string"), ("{\"layers\": «null}", "must be a list of layers, not null"),
    (
      "{\"layers\": [{\"fill\": \"look\"}], «\"layer\": []}",
      "\"layer\" is not a member of a template (did you mean layers?); allowed: description"
    ),
    ("{\n\n  «\"Layers\": [],\n\"layers\": [{\"fill\": \"look\"}]}", "\"Layers\" is not a member of a template (did you mean layers?)"),
    ("{\"layers\": [{\"fill\": \"look\"}], «\"layers\": []}", "\"layers\" occurs twice in a template; allowed: once"),
    ("{\"description\": «1, \"layers\": [{\"fill\": \"look\"}]}", "must be a text of one line, not an integer"),
    ("{\"description\": «\"\", \"layers\": [{\"fill\": \"look\"}]}", "has 0 bytes; allowed: a text of one line of 1 to 200"),
    ("{\"description\": «\"a\\nb\", \"layers\": [{\"fill\": \"look\"}]}", "has a control character; allowed: a text of one line"),
    ("{«\"version\": 1, \"layers\": [{\"fill\": \"look\"}]}", "\"version\" is not a member of a template; allowed: description, layers"),
  ]

  static let layers: [(String, String)] = [
    ("«1", "a layer must be an object with one of the members fill, image, text"), ("«\"look\"", "a layer must be an object"),
    ("«null", "a layer must be an object"), ("«[]", "a layer must be an object"), ("«{}", "a layer must be an object"),
    ("«{\"Text\": \"a\"}", "with one of the members fill, image, text (did you mean text?)"),
    ("«{\"img\": \"logo.png\"}", "with one of the members fill, image, text"),
    ("«{\"images\": \"logo.png\"}", "(did you mean image?)"),
    ("«{\"fill\": \"look\", \"text\": \"a\"}", "a layer has the members fill and text; allowed: one of fill, image, text"),
    ("«{\"text\": \"a\", \"image\": \"logo.png\"}", "a layer has the members text and image"),
    // Fills.
    ("{\"fill\": «\"blue\"}", "\"blue\" is not a fill; allowed: look, card, gradient, pattern, #rgb, #rrggbb, primary"),
    ("{\"fill\": «\"gradiant\"}", "\"gradiant\" (did you mean gradient?) is not a fill"),
    ("{\"fill\": «\"Look\"}", "(did you mean look?)"), ("{\"fill\": «\"primry\"}", "(did you mean primary?)"),
    ("{\"fill\": «\"#12\"}", "\"#12\" is not a fill"), ("{\"fill\": «\"#1234\"}", "\"#1234\" is not a fill"),
    ("{\"fill\": «\"#12345\"}", "is not a fill"), ("{\"fill\": «\"#ggg\"}", "is not a fill"), ("{\"fill\": «\"fff\"}", "is not a fill"),
    ("{\"fill\": «\"#ffffff00\"}", "is not a fill"), ("{\"fill\": «\"\"}", "is not a fill"), ("{\"fill\": «\"#é12\"}", "is not a fill"),
    ("{\"fill\": «\"#１２３\"}", "is not a fill"), ("{\"fill\": «\"rgb(0,0,0)\"}", "is not a fill"),
    ("{\"fill\": «1}", "a fill must be a string or an object, not an integer"), ("{\"fill\": «null}", "not null"),
    ("{\"fill\": «true}", "not a boolean"), ("{\"fill\": «[\"#fff\"]}", "not an array"),
    ("{\"fill\": «{}}", "a fill must have one of the members gradient, pattern"),
    ("{\"fill\": «{\"solid\": \"#fff\"}}", "a fill must have one of the members gradient, pattern"),
    ("{\"fill\": {\"gradient\": «\"#fff\"}}", "a gradient must be a list of two colours or \"request\"; allowed colours: #rgb"),
    ("{\"fill\": {\"gradient\": «[\"#fff\"]}}", "a gradient must be a list of two colours"),
    ("{\"fill\": {\"gradient\": «[\"#fff\", \"#000\", \"#888\"]}}", "a gradient must be a list of two colours"),
    (
      "{\"fill\": {\"gradient\": [«\"white\", \"#000\"]}}",
      "\"white\" is not a colour; allowed: #rgb, #rrggbb, primary, secondary, paper, foot"
    ),
    ("{\"fill\": {\"gradient\": [\"#fff\", «\"papr\"]}}", "\"papr\" (did you mean paper?) is not a colour"),
    ("{\"fill\": {\"gradient\": [\"#fff\", «0]}}", "must be a colour, not an integer; allowed: #rgb"),
    ("{\"fill\": {\"gradient\": [\"#fff\", «[]]}}", "must be a colour, not an array"),
    (
      "{\"fill\": {\"gradient\": \"request\", \"direction\": «\"down\"}}",
      "allowed: request, horizontal, vertical, diagonal, shallow, steep"
    ),
    ("{\"fill\": {\"gradient\": \"request\", \"direction\": «\"horizontl\"}}", "(did you mean horizontal?)"),
    ("{\"fill\": {\"gradient\": \"request\", \"direction\": «45}}", "45 is not allowed here; allowed: request, horizontal"),
    ("{\"fill\": {\"gradient\": \"request\", «\"angle\": 45}}", "\"angle\" is not a member of a gradient; allowed: gradient, direction"),
    ("{\"fill\": {\"gradient\": \"request\", «\"pattern\": \"dots\"}}", "\"pattern\" is not a member of a gradient"),
    ("{\"fill\": {\"gradient\": \"request\", \"direction\": \"radial\", «\"direction\": \"radial\"}}", "\"direction\" occurs twice"),
    ("{\"fill\": {\"pattern\": «\"wave\"}}", "\"wave\" (did you mean waves?) is not allowed here; allowed: request, grid, circles"),
    ("{\"fill\": {\"pattern\": «1}}", "1 is not allowed here; allowed: request, grid"),
    ("{\"fill\": {\"pattern\": \"waves\", \"colour\": «\"white\"}}", "\"white\" is not a colour"),
    ("{\"fill\": {\"pattern\": \"waves\", «\"color\": \"#fff\"}}", "\"color\" is not a member of a pattern (did you mean colour?)"),
    ("{\"fill\": {\"pattern\": \"waves\", «\"direction\": \"radial\"}}", "\"direction\" is not a member of a pattern"),
    ("{\"fill\": \"pattern\", «\"corners\": 0.1}", "a pattern has no corners; leave \"corners\" out"),
    ("{\"fill\": \"look\", «\"color\": \"#fff\"}", "\"color\" is not a member of a fill; allowed: fill, at, size, inset"),
    ("{\"fill\": \"look\", «\"fit\": \"cover\"}", "\"fit\" is not a member of a fill"),
    ("{\"fill\": \"look\", «\"Opacity\": 1}", "(did you mean opacity?)"),
    ("{\"fill\": \"look\", «\"fill\": \"card\"}", "\"fill\" occurs twice"),
    // Images.
    ("{\"image\": «1}", "must be the name of a file or {upload}, not an integer"),
    ("{\"image\": «\"\"}", "has 0 bytes; allowed: the name of a file or {upload} of 1 to 255"),
    ("{\"image\": «\"nothing.jpg\"}", "\"nothing.jpg\" cannot be read: it is not in the directory of templates (FAKEAI_TEMPLATES)"),
    ("{\"image\": «\"logo.pgn\"}", "\"logo.pgn\" (did you mean logo.png?) cannot be read"),
    ("{\"image\": «\"../outside/secret.png\"}", "the name of a file is 1 to 255 bytes without a slash"),
    ("{\"image\": «\"/etc/passwd\"}", "without a slash"), ("{\"image\": «\"a/b.png\"}", "without a slash"),
    ("{\"image\": «\"..\"}", "hidden files"), ("{\"image\": «\".\"}", "hidden files"), ("{\"image\": «\".hidden.png\"}", "hidden files"),
    ("{\"image\": «\"a\\u0000.png\"}", "without control characters"), ("{\"image\": «\"a\\nb\"}", "without control characters"),
    ("{\"image\": «\"out.png\"}", "it is a symbolic link that leads out of the directory"),
    ("{\"image\": «\"folder\"}", "it is not a regular file"), ("{\"image\": «\"broken.png\"}", "\"broken.png\" cannot be shown: it is"),
    ("{\"image\": «\"text.png\"}", "\"text.png\" cannot be shown: it is"),
    ("{\"image\": «\"empty.png\"}", "\"empty.png\" cannot be shown: it is"),
    ("{\"image\": «\"{uplaod}\"}", "\"{uplaod}\" cannot be read"),
    ("{\"image\": \"logo.png\", \"fit\": «\"fill\"}", "\"fill\" is not allowed here; allowed: contain, cover, stretch"),
    ("{\"image\": \"logo.png\", \"fit\": «\"Cover\"}", "(did you mean cover?)"),
    ("{\"image\": \"logo.png\", \"fit\": «1}", "1 is not allowed here"),
    ("{\"image\": \"logo.png\", «\"width\": 1}", "\"width\" is not a member of an image; allowed: image, at, size, inset, fit, align"),
    ("{\"image\": \"logo.png\", «\"font\": \"a.ttf\"}", "\"font\" is not a member of an image"),
    ("{\"image\": \"logo.png\", «\"sise\": [1, 1]}", "(did you mean size?)"),
    // Texts.
    ("{\"text\": «1}", "must be a text, not an integer"), ("{\"text\": «null}", "must be a text, not null"),
    ("{\"text\": «[\"a\"]}", "must be a text, not an array"), ("{\"text\": «\"\"}", "has 0 bytes; allowed: a text of 1 to 1000"),
    ("{\"text\": \"«{promt}\"}", "\"{promt}\" (did you mean prompt?) is not a placeholder; allowed: {prompt}, {model}, {size}"),
    ("{\"text\": \"a «{foo} b\"}", "\"{foo}\" is not a placeholder; allowed: {prompt}"),
    ("{\"text\": \"«{}\"}", "\"{}\" is not a placeholder"), ("{\"text\": \"«{ prompt}\"}", "is not a placeholder"),
    ("{\"text\": \"«{Prompt}\"}", "(did you mean prompt?)"), ("{\"text\": \"«{prompt.upper}\"}", "(did you mean prompt?)"),
    ("{\"text\": \"{prompt} «{modell}\"}", "(did you mean model?)"), ("{\"text\": \"«{prompt\"}", "the brace here is not closed"),
    ("{\"text\": \"a {{b} «{\"}", "the brace here is not closed; allowed: {prompt}"),
    ("{\"text\": \"\\u00e9 «{foo}\"}", "\"{foo}\" is not a placeholder"), ("{\"text\": \"é «{foo}\"}", "\"{foo}\" is not a placeholder"),
    ("{\"text\": \"\\ud83d\\ude00\\n\\\"«{foo}\"}", "\"{foo}\" is not a placeholder"), ("{\"text\": \"€«{user}\"}", "\"{user}\" is not"),
    ("{\"text\": \"\\u20ac\\\\«{user}\"}", "\"{user}\" is not a placeholder"),
    ("{\"text\": \"«{requestid}\"}", "(did you mean request_id?)"),
    ("{\"text\": \"a\", «\"color\": \"#fff\"}", "\"color\" is not a member of a text (did you mean colour?)"),
    ("{\"text\": \"a\", \"colour\": «\"white\"}", "\"white\" is not a colour"),
    ("{\"text\": \"a\", \"colour\": «\"look\"}", "is not a colour"),
    ("{\"text\": \"a\", \"colour\": «1}", "must be a colour, not an integer"),
    ("{\"text\": \"a\", \"weight\": «\"bold\"}", "\"bold\" (did you mean semibold?) is not allowed here; allowed: regular, semibold"),
    ("{\"text\": \"a\", \"weight\": «700}", "700 is not allowed here; allowed: regular, semibold"),
    ("{\"text\": \"a\", \"font\": «\"none.ttf\"}", "\"none.ttf\" cannot be read: it is not in the directory of templates"),
    ("{\"text\": \"a\", \"font\": «\"logo.png\"}", "\"logo.png\" cannot be used: logo.png is not a font that FreeType can read"),
    ("{\"text\": \"a\", \"font\": «\"empty.png\"}", "\"empty.png\" cannot be used"),
    ("{\"text\": \"a\", \"font\": «\"../a.ttf\"}", "without a slash"),
    ("{\"text\": \"a\", \"font\": «1}", "must be the name of a font file"),
    ("{\"text\": \"a\", \"place\": «\"top\"}", "\"top\" is not allowed here; allowed: title, watermark"),
    ("{\"text\": \"a\", \"place\": «\"titel\"}", "(did you mean title?)"),
    ("{\"text\": \"a\", «\"corners\": 0}", "is not a member of a text"),
    ("{\"text\": \"a\", \"place\": \"title\", «\"size\": [1, 1]}", "\"size\" and \"place\" exclude each other"),
    ("{\"text\": \"a\", \"place\": \"title\", «\"lines\": 1}", "\"lines\" and \"place\" exclude each other"),
    ("{\"text\": \"a\", «\"align\": \"left\", \"place\": \"watermark\"}", "\"align\" and \"place\" exclude each other"),
    ("{\"text\": \"a\", \"place\": \"title\", «\"weight\": \"regular\"}", "\"weight\" and \"place\" exclude each other"),
    ("{\"text\": \"a\", \"place\": \"title\", «\"font_size\": 0.1}", "\"font_size\" and \"place\" exclude each other"),
    (
      "{\"text\": \"a\", \"font_size\": «[0.2, 0.1]}",
      "the smallest size, 0.2, is above the largest, 0.1; allowed: the smaller number first"
    ),
    ("{\"text\": \"a\", \"font_size\": «[0.1]}", "a list of two numbers, the smallest and the largest, from 0.005 to 0.5"),
    ("{\"text\": \"a\", \"font_size\": [0.1, «1]}", "1 is not allowed here; allowed: a number from 0.005 to 0.5"),
    ("{\"text\": \"a\", \"font_size\": [«0, 0.1]}", "0 is not allowed here; allowed: a number from 0.005 to 0.5"),
    ("{\"text\": \"a\", «\"fontSize\": 0.1}", "\"fontSize\" is not a member of a text (did you mean font_size?)"),
    ("{\"text\": \"a\", \"lines\": 1, «\"lines\": 2}", "\"lines\" occurs twice in a text"),
    ("{\"text\": \"a\", «\"at\": [0, 0]}", "a layer with \"at\" needs \"size\" as well"),
    ("{\"image\": \"logo.png\", «\"at\": [0.5, 0.5]}", "a layer with \"at\" needs \"size\" as well"),
  ]

  /// Members with values that none of them takes.
  static let members: [(String, String)] = {
    let kinds = ["{\"fill\": \"look\"", "{\"image\": \"logo.png\"", "{\"text\": \"a\""]
    let numbers: [(kinds: [String], name: String, wrong: [String], allowed: String)] = [
      (kinds, "inset", ["-0.1", "0.51", "1e9", "\"0\"", "null", "[]"], "is not allowed here; allowed: a number from 0 to 0.5"),
      (Array(kinds.prefix(2)), "corners", ["-1", "1", "true", "{}"], "is not allowed here; allowed: a number from 0 to 0.5"),
      (kinds, "opacity", ["-0.01", "1.01", "\"50%\"", "null"], "is not allowed here; allowed: a number from 0 to 1"),
      ([kinds[2]], "font_size", ["0", "0.51", "-1", "24", "\"12px\"", "null"], "is not allowed here; allowed: a number from 0.005 to 0.5"),
      ([kinds[2]], "lines", ["0", "101", "1.5", "-1", "\"2\"", "null"], "is not allowed here; allowed: a whole number from 1 to 100"),
      (Array(kinds.dropFirst()), "align", ["\"center\"", "1", "\"middle\"", "null"], "is not allowed here; allowed: left, centre, right"),
      (Array(kinds.dropFirst()), "valign", ["\"centre\"", "0", "\"up\""], "is not allowed here; allowed: top, middle, bottom"),
      (kinds, "size", ["1", "[1]", "[1, 1, 1]", "\"full\"", "null"], "a list of two numbers, fractions of width and height above 0"),
    ]
    var all: [(String, String)] = []
    for member in numbers {
      for kind in member.kinds {
        for value in member.wrong { all.append(("\(kind), \"\(member.name)\": «\(value)}", member.allowed)) }
      }
    }
    for kind in kinds {
      all += [
        ("\(kind), \"at\": «0, \"size\": [1, 1]}", "a list of two numbers, the place of the left and upper edge"),
        ("\(kind), \"at\": [0, «2], \"size\": [1, 1]}", "2 is not allowed here; allowed: a number from -1 to 1"),
        ("\(kind), \"at\": [«\"0\", 0], \"size\": [1, 1]}", "\"0\" is not allowed here; allowed: a number from -1 to 1"),
        ("\(kind), \"at\": [0, 0], \"size\": [1, «0]}", "0 is not allowed here; allowed: a number above 0, up to 1"),
        ("\(kind), \"at\": [0, 0], \"size\": [«1.1, 1]}", "1.1 is not allowed here; allowed: a number above 0, up to 1"),
      ]
    }
    return all
  }()

  static let all: [Broken] = {
    var all: [Broken] = []
    for (marked, message) in documents { all.append(Broken(marked: marked, message: message)) }
    for (marked, message) in layers + members { all.append(Broken(marked: layer(marked), message: message)) }
    return all
  }()

  @Test func `there are 200 of them`() { #expect(Self.all.count >= 200) }

  @Test func `each is refused with its file, line and column, and with what is allowed`() throws {
    let folder = try TemplateFolder()
    let (small, large) = (try TemplateFolder.png(width: 1, height: 1), try TemplateFolder.png(width: 9, height: 9))
    try folder.writeOutside(small, as: "secret.png")
    folder.link("out.png", to: "../outside/secret.png")
    folder.link("folder", to: ".")
    try folder.write(Array(large.dropLast(30)), as: "broken.png")
    try folder.write("A picture", as: "text.png")
    try folder.write("", as: "empty.png")
    for broken in Self.all { try check(broken, in: folder) }
  }

  private func check(_ broken: Broken, in folder: TemplateFolder) throws {
    let marked = MarkedTemplate(broken.marked)
    let faults = try folder.faults(in: marked.text)
    let fault = try #require(faults.first, "\(broken.marked) was accepted")
    #expect(fault.file == "card.json", "\(broken.marked)")
    #expect(fault.place == marked.place, "\(broken.marked): \(faults)")
    #expect(fault.problem.contains(broken.message), "\(broken.marked): \(fault)")
    let hasNewline = fault.description.contains(where: \.isNewline)
    #expect(!hasNewline, "\(broken.marked): \(fault)")
    let library = TemplateLibrary(directory: folder.path)
    #expect(throws: TemplateError.self, "\(broken.marked)") { try library.template("card") }
  }

  @Test func `all mistakes of a file are told, in their order`() throws {
    let faults = try TemplateFolder().faults(
      in: #"""
        {
          "layers": [
            {"fill": "blue", "opacity": 2},
            {"text": "{foo}", "colr": "#fff"}
          ]
        }
        """#)
    let places = faults.map { "\($0.file):\($0.place?.line ?? 0):\($0.place?.column ?? 0)" }
    #expect(places == ["card.json:3:14", "card.json:3:33", "card.json:4:15", "card.json:4:23"])
  }
}
