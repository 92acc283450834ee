/// What the store holds. Images that have expired do not count.
public struct StorageStatistics: Sendable, Equatable {
  public var totalImages: Int
  public var totalSizeBytes: Int
  public var retentionHours: Double
  public var backend: String

  /// Mebibytes with two decimals.
  public var totalSizeMB: Double { (Double(totalSizeBytes) / 1_048_576 * 100).rounded() / 100 }
}
