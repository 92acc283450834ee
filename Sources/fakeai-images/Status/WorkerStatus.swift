/// What one worker does, as `status` shows it.
struct WorkerStatus: Equatable {
  var number: Int
  var process: Int32
  var uptime: Duration
  var requests: UInt64
  var images: UInt64
  var inFlight: Int
}
