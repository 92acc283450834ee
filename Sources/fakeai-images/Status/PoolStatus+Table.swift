import SharedMemory
import Staging

extension PoolStatus {
  /// For people.
  var table: String { storeTable.text + "\n\n" + (workers.isEmpty ? "No worker is running." : workerTable.text) }

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

  private func ageText(_ time: Int64?) -> String { time.map { Quantity.duration(.seconds(age($0))) } ?? "-" }

  private static let counters: [(WorkerCounter, title: String)] = [
    (.requests, "REQUESTS"), (.drawn, "DRAWN"), (.served, "SERVED"), (.refused, "REFUSED"),
  ]
}
