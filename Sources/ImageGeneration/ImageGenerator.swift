// Re-exported so that one import is enough: the types of jobs and results, such as sizes, qualities, styles, formats, IDs and stored
// images.
@_exported public import Drawing
@_exported public import ImageStore

/// Generates placeholder images and keeps them: draws, encodes, stores.
///
/// ```swift
/// let generator = try ImageGenerator(configuration: .init(storeName: "preview"))
/// let images = try generator.generate(ImageJob(prompt: "A lake at sunset", quality: .hd), count: 2)
/// ```
///
/// Safe to call from several threads. The store is shared with every process that opens the same name.
public final class ImageGenerator: Sendable {
  package let renderer: ImageRenderer
  package let store: any ImageStore

  /// Where and how long images are kept, and the settings that they share.
  public struct Configuration: Sendable {
    /// Part of the shared-memory object's name, `/fakeai-images-<name>-v1`: 1 to 32 of a-z, 0-9 and -.
    public var storeName: String
    /// Bytes of shared memory, reserved when the store is created: at least 1 MiB.
    public var storeSize: Int
    /// How long an image is kept, in hours: above 0, and at most 8,760 (a year).
    public var retentionHours: Double
    /// Whether a full store evicts its oldest image for a new one, or refuses the new one.
    public var evictsWhenFull: Bool
    /// Path of a TrueType or OpenType file; nil selects the first of the usual fonts that is installed.
    public var font: String?
    /// The watermark's text in place of the time of drawing, `YYYY-MM-DD HH:MM:SS`.
    public var timestamp: String?

    public init(
      storeName: String = "default", storeSize: Int = 256 << 20, retentionHours: Double = 1, evictsWhenFull: Bool = true,
      font: String? = nil, timestamp: String? = nil
    ) {
      self.storeName = storeName
      self.storeSize = storeSize
      self.retentionHours = retentionHours
      self.evictsWhenFull = evictsWhenFull
      self.font = font
      self.timestamp = timestamp
    }
  }

  /// Opens the store, creating it if it does not exist, and loads the font.
  public convenience init(configuration: Configuration = Configuration()) throws(ImageGenerationError) {
    try configuration.check()
    let renderer = try ImageRenderer(font: configuration.font, timestamp: configuration.timestamp)
    do {
      let store = try SharedMemoryStore(
        name: configuration.storeName, size: configuration.storeSize, retention: .seconds(configuration.retentionHours * 3600),
        evictsWhenFull: configuration.evictsWhenFull)
      self.init(renderer: renderer, store: store)
    } catch {
      throw .storeUnavailable(reason: "\(error)")
    }
  }

  package init(renderer: ImageRenderer, store: any ImageStore) {
    self.renderer = renderer
    self.store = store
  }

  /// Draws the images of a job and keeps them. When this returns, every process that opened the store serves them.
  ///
  /// - Parameters:
  ///   - count: 1 to 10.
  ///   - sources: the uploads that an edit or a variation starts from.
  /// - Returns: the IDs of the images, in order.
  public func generate(_ job: ImageJob, count: Int = 1, sources: SourceImages = .none) throws(ImageGenerationError) -> [ImageID] {
    var ids: [ImageID] = []
    for file in try files(of: job, count: count, sources: sources) { ids.append(try store(file, format: job.encoding.format)) }
    return ids
  }

  /// Draws the images of a job without keeping them.
  ///
  /// - Parameters:
  ///   - count: 1 to 10.
  ///   - sources: the uploads that an edit or a variation starts from.
  /// - Returns: files of the job's format.
  public func files(of job: ImageJob, count: Int = 1, sources: SourceImages = .none) throws(ImageGenerationError) -> [[UInt8]] {
    guard (1...10).contains(count) else { throw .invalidArgument(name: "count", value: "\(count)", allowed: "1 to 10") }
    guard job.operation == .generation || !sources.images.isEmpty else {
      throw .invalidArgument(name: "sources", value: "empty", allowed: "at least one image for an edit or a variation")
    }
    var files: [[UInt8]] = []
    for index in 0..<count { files.append(try renderer.image(of: job, index, sources: sources)) }
    return files
  }

  /// Keeps a file for the retention period.
  public func store(_ file: [UInt8], format: ImageFormat = .png) throws(ImageGenerationError) -> ImageID {
    do throws(StoreError) { return try store.insert(file, format: format).wait() } catch { throw ImageGenerationError(error) }
  }

  /// The image with that ID; nil if there never was one, or if it was evicted or has expired.
  public func image(for id: ImageID) throws(ImageGenerationError) -> StoredImage? {
    do throws(StoreError) { return try store.image(for: id).wait() } catch { throw ImageGenerationError(error) }
  }

  /// Frees the memory of expired images, which are not served in any case. Call it every few minutes.
  public func sweep() { store.sweep() }

  public func storageStatistics() -> StorageStatistics {
    let statistics = store.statistics
    return StorageStatistics(
      totalImages: statistics.images, totalSizeBytes: statistics.bytesUsed, retentionHours: store.retention / .seconds(3600),
      backend: store.kind)
  }
}

/// The content of the store. Expired images do not count.
public struct StorageStatistics: Sendable, Equatable {
  public var totalImages: Int
  public var totalSizeBytes: Int
  public var retentionHours: Double
  /// The kind of store: `memory`.
  public var backend: String

  /// Mebibytes, rounded to two decimals.
  public var totalSizeMB: Double { (Double(totalSizeBytes) / 1_048_576 * 100).rounded() / 100 }
}

extension ImageGenerator.Configuration {
  fileprivate func check() throws(ImageGenerationError) {
    let isName =
      (1...32).contains(storeName.utf8.count)
      && storeName.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    guard isName else {
      throw .invalidArgument(name: "storeName", value: storeName.debugDescription, allowed: "1 to 32 of a-z, 0-9 and -")
    }
    guard (1 << 20...1 << 40).contains(storeSize) else {
      throw .invalidArgument(name: "storeSize", value: "\(storeSize)", allowed: "1048576 to 1099511627776 bytes")
    }
    guard retentionHours > 0, retentionHours <= 8760 else {
      throw .invalidArgument(name: "retentionHours", value: "\(retentionHours)", allowed: "above 0 and at most 8760")
    }
  }
}
