/// The content of the store. Expired images do not count.
public struct StorageStatistics: Sendable, Equatable {
  public var totalImages: Int
  public var totalSizeBytes: Int
  public var retentionHours: Double
  public var backend: String

  /// The size in mebibytes with two decimals.
  public var totalSizeMB: Double { (Double(totalSizeBytes) / 1_048_576 * 100).rounded() / 100 }
}
