/// The number of a worker in its pool. The process that starts a worker sets it; it is not a setting for users.
enum WorkerNumber {
  static let variable = "FAKEAI_WORKER_NUMBER"
}
