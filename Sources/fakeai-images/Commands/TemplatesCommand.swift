import ArgumentParser
import Drawing
import Glibc
import SystemCalls
import SystemPackage
import Templates

struct TemplatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "templates",
    abstract: "Check, list and print templates, which are layouts of images.",
    discussion: """
      A file card.json in the directory that FAKEAI_TEMPLATES names is the template card. To start from what images look like without one:

        fakeai-images templates print standard > templates/card.json
        fakeai-images templates check templates
        fakeai-images generate "a lake" --template templates/card.json -o lake.png
      """,
    subcommands: [Check.self, List.self, Print.self])
}

/// The option that names the directory.
struct TemplateOptions: ParsableArguments, SettingOptions {
  @Option(help: Setting.templates.help, completion: Setting.templates.completion) var templates: String?

  var flags: [(Setting, String?)] { [(.templates, templates)] }
}

extension TemplatesCommand {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Check templates with their images and fonts.",
      discussion: """
        Prints a line for each mistake, FILE:LINE:COLUMN: and what is allowed, and exits with 1 if there is any.
        """)

    @Argument(
      help: ArgumentHelp(
        "Files, or directories of which all templates are checked. (default: that of FAKEAI_TEMPLATES)", valueName: "path"),
      completion: .file(extensions: ["json"]))
    var paths: [String] = []

    func run() throws {
      let settings = try Settings(TemplateOptions.parse([]))
      let paths = paths.isEmpty ? settings.templates.map { [$0] } ?? [] : paths
      guard !paths.isEmpty else {
        throw CommandFailure.usage("there is nothing to check; name files or directories, or set FAKEAI_TEMPLATES")
      }
      var hasFaults = false
      for path in paths {
        for file in try TemplatePath.files(at: path) {
          for line in file.faults {
            try StandardOutput.write(line: line)
            hasFaults = true
          }
        }
      }
      if hasFaults { throw CommandFailure("", status: EXIT_FAILURE).reported }
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the templates that are built in and those of FAKEAI_TEMPLATES.")

    @OptionGroup(title: "Templates") var options: TemplateOptions

    func run() throws {
      let library = try Settings(options).templateLibrary
      let names = library.names
      let width = names.map(\.count).max() ?? 0
      for name in names {
        let summary: String
        do throws(TemplateError) { summary = try library.template(name).summary ?? "" } catch { summary = "faulty: \(error.reason)" }
        let padding = String(repeating: " ", count: width - name.count)
        try StandardOutput.write(line: summary.isEmpty ? name : "\(name)\(padding)  \(summary)")
      }
    }
  }

  struct Print: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "print", abstract: "Print a template as it is written, to start from.")

    @Argument(help: "Name of a template, such as standard or hd, which are built in.")
    var name: String

    @OptionGroup(title: "Templates") var options: TemplateOptions

    func run() throws {
      let library = try Settings(options).templateLibrary
      let source: TemplateSource
      do throws(TemplateError) { source = try library.source(name) } catch { throw CommandFailure.usage("the template \(error)") }
      try StandardOutput.write(source.text)
    }
  }
}

/// The file of a template outside of a server's directory: its images and fonts are beside it.
struct TemplatePath {
  let directory: String
  let name: String

  /// - Parameter path: that of a file whose name ends with `.json`; nil if it does not.
  init?(_ path: String) {
    let file = FilePath(path)
    guard let component = file.lastComponent, let name = TemplateSource.name(ofFile: component.string) else { return nil }
    let directory = file.removingLastComponent()
    (self.directory, self.name) = (directory.isEmpty ? "." : directory.string, name)
  }

  private init(directory: String, name: String) { (self.directory, self.name) = (directory, name) }

  var library: TemplateLibrary { TemplateLibrary(directory: directory) }

  /// The templates in a file or a directory.
  static func files(at path: String) throws(CommandFailure) -> [TemplatePath] {
    guard SettingFile.isReadableDirectory(path) else {
      if let file = TemplatePath(path) { return [file] }
      throw .usage("\(path) is neither a directory that can be read nor a file whose name ends with .json")
    }
    var names: [String] = []
    try orFail("cannot list \(path)") { () throws(Errno) in
      try forEachName(in: path) { name in
        if let name = TemplateSource.name(ofFile: name), !name.hasPrefix(".") { names.append(name) }
      }
    }
    guard !names.isEmpty else { throw CommandFailure("\(path) has no template, which is a file whose name ends with .json") }
    return names.sorted().map { TemplatePath(directory: path, name: $0) }
  }

  /// The mistakes in the file, each in one line that begins with its path.
  var faults: [String] {
    let folder = directory == "." ? "" : "\(directory)/"
    do throws(TemplateError) {
      return try library.fileSource(name).faults(in: directory).map { "\(folder)\($0)" }
    } catch {
      return ["\(folder)\(name).json: \(error.reason)"]
    }
  }
}
