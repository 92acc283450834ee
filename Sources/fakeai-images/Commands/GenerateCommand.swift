import ArgumentParser
import Drawing
import ImageGeneration
import SystemPackage
import Templates

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Draw images to files, without a server.",
    discussion: """
      The same arguments draw the same image, except for the time in its watermark.

        fakeai-images generate "a lake" --size 1792x1024 --quality hd -o lake.png
        fakeai-images generate "a lake" -o - | display
        fakeai-images generate "a lake" --quality hd --pattern scales -o lake.png
        fakeai-images generate "a lake" --frames 9 -o lake.gif
        fakeai-images generate "a lake" "a forest" --count 500 --out-dir images
        fortune | fakeai-images generate - -o fortune.png
        fakeai-images generate "a lake" --template templates/card.json -o lake.png
        fakeai-images generate --sheet -o sheet.png

      The extension of the file name sets the format; --output-format overrides it. An existing file is overwritten.

      Several images are numbered in order: with -n 3, -o lake.png writes lake-1.png, lake-2.png and lake-3.png. All images of the first \
      prompt come first, and then those of the next. More than ten images have numbers of equal length: lake-001.png.
      """)

  @Argument(help: "Descriptions of the images, which are drawn as text. A single - reads one from standard input, with all its lines.")
  var prompts: [String] = []

  @Option(
    name: .customLong("prompts"), help: ArgumentHelp("File with a prompt on each line, or - for standard input.", valueName: "path"),
    completion: .file())
  var promptFile: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("File to write, or - for standard output. (default: image.png, or as the format ends)", valueName: "path"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp("Directory to write to; it is created if it does not exist. (default: the current one)", valueName: "path"),
    completion: .directory)
  var outDir: String?

  @OptionGroup(title: "Format") var encoding: EncodingOptions

  @Option(
    help: ArgumentHelp(
      "WIDTHxHEIGHT in pixels, one number for a square, 16:9, 1K, 2K, 4K or auto. (default: 1024x1024)", valueName: "size"))
  var size: String?

  @Option(
    help: ArgumentHelp(
      "standard, low, medium or auto: two tints of a colour; hd, high, xhigh or max: a gradient with a pattern. (default: standard)",
      valueName: "quality"),
    completion: .list(SettingSyntax.pictureQuality.names))
  var quality: String?

  @Option(
    help: ArgumentHelp("vivid: saturated colours; natural: earth tones. (default: vivid)", valueName: "style"),
    completion: .list(Style.allCases.map(\.rawValue)))
  var style: String?

  @Option(
    help: ArgumentHelp(
      "Pattern on the background, in any quality: \(Pattern.allCases.map(\.rawValue).joined(separator: ", ")). "
        + "(default: none for standard, one that follows from the other arguments for hd)",
      valueName: "name"),
    completion: .list(Pattern.allCases.map(\.rawValue)))
  var pattern: String?

  @Option(
    name: [.customShort("n"), .customLong("count")],
    help: ArgumentHelp("Number of images for each prompt, 1 to 100000; colours repeat after ten. (default: 1)", valueName: "count"))
  var count: String?

  @Option(help: ArgumentHelp("Model name in the watermark; it also varies the image. (default: dall-e-3)", valueName: "name"))
  var model: String?

  @Option(help: ArgumentHelp("Each number draws a different image for the same prompt. (default: 0)", valueName: "number"))
  var seed: String?

  @Option(
    help: ArgumentHelp(
      "Layout of the images: the name of a template that is built in or in FAKEAI_TEMPLATES, or the path of a file .json. (default: that of "
        + "FAKEAI_TEMPLATE)",
      valueName: "template"),
    completion: .file(extensions: ["json"]))
  var template: String?

  @Flag(help: "Make the background transparent.")
  var transparent = false

  @Flag(help: "Draw a contact sheet of every pattern, gradient and palette, and of pictures of all kinds, instead of an image.")
  var sheet = false

  @OptionGroup(title: "Drawing") var drawing: DrawingOptions

  func run() throws {
    var batch = try batch()
    let settings = try Settings(drawing)
    batch.template = try layout(settings)
    if let outDir { try PictureOutput.makeDirectory(FilePath(outDir)) }
    if sheet { return try batch.outputs[0].write(ImageRenderer(settings: settings).contactSheet()) }
    try batch.draw(settings)
  }

  /// The images to draw, and where to. A contact sheet is one image without a prompt.
  func batch() throws(CommandFailure) -> PictureBatch {
    if sheet { try refuseOptionsOfPictures() }
    let encoding = try encoding.encoding(forFile: output)
    let format = encoding.format
    guard !sheet || format == .png else { throw .usage("--sheet requires the format png, not \(format.rawValue)") }
    guard !transparent || format.hasAlpha else { throw .usage("--transparent requires a format with alpha, not jpeg") }
    var job = ImageJob(
      prompt: "", model: model ?? "dall-e-3", size: try SettingSyntax.pictureSize.value(of: "--size", size) ?? .square1024,
      quality: try SettingSyntax.pictureQuality.value(of: "--quality", quality) ?? .standard,
      style: try SettingSyntax.choice("style").value(of: "--style", style) ?? .vivid,
      seed: try SettingSyntax.integer(0 ... .max).value(of: "--seed", seed) ?? 0, isTransparent: transparent, encoding: encoding)
    job.pattern = try namedPattern()
    let count = try SettingSyntax.integer(1...PictureBatch.mostImages).value(of: "--count", count) ?? 1
    let prompts = sheet ? [""] : try allPrompts()
    guard prompts.count * count <= PictureBatch.mostImages else {
      throw .usage(
        "\(prompts.count) prompts with --count \(count) are \(prompts.count * count) images; allowed: at most \(PictureBatch.mostImages)")
    }
    let outputs = try PictureOutput.outputs(
      named: output ?? "image.\(format.fileExtension)", in: outDir.map { FilePath($0) }, count: prompts.count * count)
    return PictureBatch(job: job, prompts: prompts, count: count, outputs: outputs)
  }

  private func namedPattern() throws(CommandFailure) -> Pattern? {
    let named: Pattern? = try SettingSyntax.choice("name").value(of: "--pattern", pattern)
    guard let named, transparent, !named.hasFigures else { return named }
    let allowed = Pattern.allCases.filter(\.hasFigures).map(\.rawValue).joined(separator: ", ")
    throw .usage("--pattern \(named.rawValue) has no separate figures, which --transparent requires; allowed: \(allowed)")
  }

  /// The template of the images; nil: the usual layout.
  private func layout(_ settings: Settings) throws(CommandFailure) -> Template? {
    guard let name = template ?? settings.templateInUse, name != "none", !sheet else { return nil }
    do throws(TemplateError) {
      if name.contains("/") || name.hasSuffix(".json"), let path = TemplatePath(name) { return try path.library.template(path.name) }
      return try settings.templateLibrary.template(name)
    } catch {
      throw .usage("\(template == nil ? "FAKEAI_TEMPLATE" : "--template") is \(error)")
    }
  }

  private func allPrompts() throws(CommandFailure) -> [String] {
    guard promptFile != "-" || !prompts.contains("-") else {
      throw .usage("--prompts - and the prompt - both read standard input; use one of them")
    }
    let all = try PromptInput.prompts(prompts) + (promptFile.map { path throws(CommandFailure) in try PromptInput.lines(of: path) } ?? [])
    guard !all.isEmpty else {
      throw .usage("the prompt is missing; expected a description of the image, such as: fakeai-images generate \"a lake at dawn\"")
    }
    return all
  }

  private func refuseOptionsOfPictures() throws(CommandFailure) {
    guard prompts.isEmpty, promptFile == nil, count == nil else {
      throw .usage("--sheet draws a single image; leave out the prompt and --count")
    }
    let options: [(name: String, isGiven: Bool)] = [
      ("--size", size != nil), ("--quality", quality != nil), ("--style", style != nil), ("--pattern", pattern != nil),
      ("--model", model != nil), ("--seed", seed != nil), ("--template", template != nil), ("--transparent", transparent),
    ]
    let given = options.filter(\.isGiven).map(\.name)
    guard given.isEmpty else { throw .usage("--sheet always looks the same; leave out \(given.joined(separator: ", "))") }
  }
}
