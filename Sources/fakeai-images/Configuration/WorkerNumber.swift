/// Which worker of its pool a process is. Whoever starts a worker sets it; nobody types it.
enum WorkerNumber {
  static let variable = "FAKEAI_WORKER_NUMBER"
}
