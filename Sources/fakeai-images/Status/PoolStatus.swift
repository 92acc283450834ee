/// What `status` shows.
struct PoolStatus: Equatable, Encodable {
  var store: StoreStatus
  var workers: [WorkerStatus]

  /// For people.
  var table: String { storeTable.text + "\n\n" + (workers.isEmpty ? "no workers" : workerTable.text) }

  private var storeTable: TextTable {
    TextTable(
      columns: [
        .init("STORE", .left), .init("IMAGES"), .init("USED"), .init("SIZE"), .init("KEPT"), .init("INSERTED"), .init("EVICTED"),
        .init("EXPIRED"),
      ],
      rows: [
        [
          store.name, "\(store.images)", Quantity.bytes(store.bytes), Quantity.bytes(store.capacity),
          Quantity.duration(.seconds(store.retentionHours * 3600)), "\(store.inserted)", "\(store.evicted)", "\(store.expired)",
        ]
      ])
  }

  private var workerTable: TextTable {
    TextTable(
      columns: [.init("WORKER"), .init("PID"), .init("UP"), .init("REQUESTS"), .init("IMAGES"), .init("IN FLIGHT")],
      rows: workers.map { worker in
        [
          "\(worker.number)", "\(worker.process)", Quantity.duration(worker.uptime), "\(worker.requests)", "\(worker.images)",
          "\(worker.inFlight)",
        ]
      })
  }
}
