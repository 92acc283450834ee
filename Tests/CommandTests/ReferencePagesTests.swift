import FoundationEssentials
import JSON
import Metrics
import Simulation
import Testing

@testable import OpenAIAPI
@testable import fakeai_images

/// The tables of the documentation's reference pages are those of the code. `make reference` writes them into the pages.
@Suite struct ReferencePagesTests {
  struct Page: CustomTestStringConvertible {
    let name: String
    /// The names of the tables' markers in the page, and the tables.
    let tables: [(name: String, table: MarkdownTable)]

    var testDescription: String { name }

    func path(in folder: String = #filePath) -> String {
      URL(filePath: folder).deletingLastPathComponent()
        .appending(path: "../../Sources/fakeai-images/Documentation.docc/Reference/\(name).md").path
    }
  }

  static let pages = [
    Page(name: "Routes", tables: [("routes", routes)]),
    Page(
      name: "Headers",
      tables: [("request", headers(OpenAPIDocument.requestHeaders)), ("response", headers(OpenAPIDocument.responseHeaders))]),
    Page(name: "Settings", tables: [("settings", settings)]),
    Page(name: "Fault-injection", tables: [("faults", faults)]),
    Page(
      name: "Metrics",
      tables: [
        ("store", metrics(Metric.store, prefix: "fakeai_store_")), ("pool", metrics(Metric.pool, prefix: "fakeai_")),
        ("worker", metrics(Metric.worker, prefix: "fakeai_worker_")),
      ]),
  ]

  @Test(arguments: pages) func thePageHasTheTablesOfTheCode(_ page: Page) throws {
    let text = try String(contentsOf: URL(filePath: page.path()), encoding: .utf8)
    var written = text
    for (name, table) in page.tables { written = try #require(table.replaced(in: written, marker: name), "no marker \(name)") }
    if ProcessInfo.processInfo.environment["FAKEAI_WRITE_REFERENCE"] == nil {
      #expect(text == written, "run `make reference`")
    } else {
      try Data(written.utf8).write(to: URL(filePath: page.path()))
    }
  }

  @Test func aTableIsReplacedBetweenItsMarkersOnly() {
    let table = MarkdownTable(["a"], [["x | y"]])
    #expect(
      table.replaced(in: "1\n<!-- table: t -->\nold\n<!-- end -->\n2\n", marker: "t")
        == "1\n<!-- table: t -->\n| a |\n| --- |\n| x \\| y |\n<!-- end -->\n2\n")
    #expect(table.replaced(in: "<!-- table: t -->", marker: "t") == nil)
    #expect(table.replaced(in: "<!-- table: other -->\n<!-- end -->", marker: "t") == nil)
  }
}

extension ReferencePagesTests {
  private static var settings: MarkdownTable {
    MarkdownTable(
      ["variable", "default", "meaning", "values"],
      Settings.table.map { ["`\($0.variable)`", $0.defaultText.isEmpty ? "none" : $0.defaultText, $0.meaning, $0.allowed] })
  }

  private static var routes: MarkdownTable {
    MarkdownTable(
      ["method", "path", "purpose"],
      Route.all.flatMap { route in
        route.endpoints.filter { $0.method != "HEAD" }.map { ["`\($0.method)`", "`\(route.path)`", $0.description.summary] }
      })
  }

  /// - Parameter members: an object with the member `description` for each header.
  private static func headers(_ members: [JSONMember]) -> MarkdownTable {
    MarkdownTable(["header", "meaning"], members.map { ["`\($0.key)`", description($0.value) ?? ""] })
  }

  private static func description(_ text: JSONText) -> String? {
    guard case .object(let object)? = try? JSONValue(parsing: Array(text.compact.utf8)), case .string(let value)? = object["description"]
    else { return nil }
    return value.text
  }

  private static var faults: MarkdownTable {
    MarkdownTable(["name", "kind", "what a client sees"], Fault.allCases.map { ["`\($0.rawValue)`", $0.kind.rawValue, $0.meaning] })
  }

  private static func metrics<Subject>(_ metrics: [Metric<Subject>], prefix: String) -> MarkdownTable {
    MarkdownTable(
      ["metric", "kind", "meaning"],
      metrics.map { ["`\(prefix)\($0.key)\($0.kind == .counter ? "_total" : "")`", $0.kind.rawValue, $0.help] })
  }
}

/// A table in Markdown, and its place in a page: between `<!-- table: name -->` and `<!-- end -->`.
struct MarkdownTable {
  private let lines: [String]

  init(_ titles: [String], _ rows: [[String]]) {
    lines = ([titles, titles.map { _ in "---" }] + rows).map { row in
      "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
  }

  /// The page with this table at its place; nil if it has no such place.
  func replaced(in page: String, marker: String) -> String? {
    guard let begin = page.firstRange(of: "<!-- table: \(marker) -->\n"),
      let end = page[begin.upperBound...].firstRange(of: "<!-- end -->")
    else { return nil }
    return page[..<begin.upperBound] + lines.joined(separator: "\n") + "\n" + page[end.lowerBound...]
  }
}
