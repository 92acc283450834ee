import Drawing
import Metrics

extension PoolStatus {
  /// The status as tables, for people.
  var table: String {
    let tables = [
      storeTable.text, hosts?.text ?? "", moment.totals.latency.isEmpty ? "" : routeTable.text,
      moment.workers.isEmpty ? "No worker is running." : workerTable.text, scripts.isEmpty ? "" : scriptTable.text,
    ]
    return tables.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var storeTable: TextTable {
    let figures = Metric.store.filter { $0.title != nil }
    return TextTable(
      columns: [.init("STORE", .left), .init("KIND", .left)] + figures.map { .init($0.title!) },
      rows: [[storeName, backend.rawValue] + figures.map { $0.text(moment) }])
  }

  /// The responses of all workers, including dead ones.
  private var routeTable: TextTable {
    TextTable(
      columns: [.init("ROUTE", .left), .init("REQUESTS"), .init("REFUSED"), .init("MEDIAN"), .init("99 %")],
      rows: moment.totals.latency.map { route, histogram in
        let refused = moment.totals.answers.filter { $0.route == route && $0.status >= 400 }.reduce(0) { $0 &+ $1.count }
        return [route, "\(histogram.count)", "\(refused)"] + [0.5, 0.99].map { Quantity.bound(histogram.quantile($0)) }
      })
  }

  private var workerTable: TextTable {
    let figures = Metric.worker.filter { $0.title != nil }
    return TextTable(
      columns: [.init("WORKER"), .init("PID"), .init("STATE", .left)] + figures.map { .init($0.title!) },
      rows: moment.workerSnapshots.map { moment in
        ["\(moment.worker.number)", "\(moment.worker.processID)", "\(moment.worker.state)"] + figures.map { $0.text(moment) }
      })
  }

  private var scriptTable: TextTable {
    TextTable(
      columns: [.init("SCRIPT", .left), .init("", .left), .init("FONT", .left)],
      rows: scripts.map { [$0.name, $0.font == nil ? "✗" : "✓", $0.font ?? "none: install \($0.package)"] })
  }
}

extension Metric {
  /// The text in a cell. Only metrics without labels have a column.
  fileprivate func text(_ subject: Subject) -> String {
    guard case .number(let number)? = samples(subject).first?.value else { return "-" }
    return switch unit {
    case .count: Quantity.count(number)
    case .bytes: Quantity.bytes(number)
    case .seconds: Quantity.duration(.seconds(number))
    }
  }
}
