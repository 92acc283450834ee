import Drawing
import SharedMemory
import Staging

extension PoolStatus {
  /// For people.
  var table: String {
    let tables = [storeTable.text, workers.isEmpty ? "No worker is running." : workerTable.text, scripts.isEmpty ? "" : scriptTable.text]
    return tables.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var storeTable: TextTable {
    TextTable(
      columns: [
        .init("STORE", .left), .init("IMAGES"), .init("USED"), .init("SIZE"), .init("OLDEST"), .init("NEWEST"), .init("INSERTED"),
        .init("EVICTED"), .init("EXPIRED"),
      ],
      rows: [
        [
          storeName, "\(store.live)", Quantity.bytes(store.bytesUsed), Quantity.bytes(store.bytesTotal), ageText(store.oldest),
          ageText(store.newest), "\(store.inserted)", "\(store.evicted)", "\(store.expired)",
        ]
      ])
  }

  private var workerTable: TextTable {
    TextTable(
      columns: [.init("WORKER"), .init("PID"), .init("UP")] + Self.counters.map { .init($0.title) },
      rows: workers.map { worker in
        ["\(worker.number)", "\(worker.processID)", ageText(worker.started)]
          + Self.counters.map { counter, _ in "\(worker.counters[counter, default: 0])" }
      })
  }

  private var scriptTable: TextTable {
    TextTable(
      columns: [.init("SCRIPT", .left), .init("", .left), .init("FONT", .left)],
      rows: scripts.map { [$0.name, $0.font == nil ? "✗" : "✓", $0.font ?? "none: install \($0.package)"] })
  }

  private func ageText(_ time: Int64?) -> String { time.map { Quantity.duration(.seconds(age($0))) } ?? "-" }

  private static let counters: [(WorkerCounter, title: String)] = [
    (.requests, "REQUESTS"), (.drawn, "DRAWN"), (.served, "SERVED"), (.refused, "REFUSED"),
  ]
}
