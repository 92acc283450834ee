/// What a store holds, as `status` shows it.
struct StoreStatus: Equatable {
  var name: String
  var backend: String
  var images: Int
  var bytes: Int
  var capacity: Int
  var retentionHours: Double
  var inserted: UInt64
  var evicted: UInt64
  var expired: UInt64
}
