import Answers

// Re-exported so that one import is enough: Drawing declares sizes, qualities, styles and stages; ImageStore formats, IDs and stored images.
@_exported public import Drawing
@_exported public import ImageStore

/// Generates placeholder images and keeps them: draws, encodes, stores.
///
/// ```swift
/// let generator = try ImageGenerator(configuration: .init(storeName: "preview"))
/// let ids = try generator.generate(ImageJob(prompt: "A lake at sunset", quality: .hd), count: 2)
/// let image = try generator.image(for: ids[0])
/// ```
///
/// Safe to call from several threads. Drawing blocks the calling thread, and threads that draw with one generator take turns. The store is
/// shared with every process that opens the same name; see <doc:Stores>.
public final class ImageGenerator: Sendable {
  package let renderer: ImageRenderer
  package let store: any ImageStore

  /// The store of a generator, and what its images have in common. Values that are not allowed are reported when a generator is made.
  public struct Configuration: Sendable {
    /// The name of the store: 1 to 32 of a-z, 0-9 and -. Part of the name of its shared memory, `/fakeai-images-<name>-v1`.
    public var storeName: String
    /// Bytes of shared memory, reserved when the store is created: 1 MiB to 1 TiB. All who open a store must give it the same size.
    public var storeSize: Int
    /// How long an image is served, in hours: above 0, and at most 8,760 (a year).
    public var retentionHours: Double
    /// Whether a full store evicts its oldest images for a new one. If not, it refuses the new one with
    /// ``ImageGenerationError/storeFull(capacity:)``.
    public var evictsWhenFull: Bool
    /// The path of a TrueType or OpenType file; nil for the first usual one that is installed.
    public var font: String?
    /// Text for the watermark instead of the time of drawing, usually `YYYY-MM-DD HH:MM:SS` like that. With it, equal jobs give equal files.
    public var timestamp: String?

    /// By default, the store that the `fakeai-images` server uses by default: 256 MiB, in which images are kept for an hour.
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
  ///
  /// - Throws: ``ImageGenerationError/invalidArgument(name:value:allowed:)`` for a value that is not allowed,
  ///   ``ImageGenerationError/unusableFont(reason:)``, or ``ImageGenerationError/storeUnavailable(reason:)``, for instance if the store was
  ///   created with another size.
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
  /// All images are drawn before the first is kept. If keeping one fails, those before it stay in the store.
  ///
  /// - Parameters:
  ///   - job: what to draw, and in which format.
  ///   - count: 1 to 10.
  ///   - sources: the uploads of an edit, a variation or an upscale, which need at least one image. Ignored for a generation.
  /// - Returns: the IDs of the images, in order.
  /// - Throws: what ``files(of:count:sources:)`` and ``store(_:format:)`` throw.
  public func generate(_ job: ImageJob, count: Int = 1, sources: SourceImages = .none) throws(ImageGenerationError) -> [ImageID] {
    var ids: [ImageID] = []
    for file in try files(of: job, count: count, sources: sources) { ids.append(try store(file, format: job.encoding.format)) }
    return ids
  }

  /// Draws the images of a job without keeping them.
  ///
  /// - Parameters:
  ///   - job: what to draw, and in which format.
  ///   - count: 1 to 10.
  ///   - sources: the uploads of an edit, a variation or an upscale, which need at least one image. Ignored for a generation.
  /// - Returns: files of the job's format, in order.
  /// - Throws: ``ImageGenerationError/invalidArgument(name:value:allowed:)`` or ``ImageGenerationError/encodingFailed(reason:)``.
  public func files(of job: ImageJob, count: Int = 1, sources: SourceImages = .none) throws(ImageGenerationError) -> [[UInt8]] {
    try Self.check(count, name: "count")
    guard job.operation == .generation || !sources.images.isEmpty else {
      throw .invalidArgument(name: "sources", value: "empty", allowed: "at least one image, unless the operation is a generation")
    }
    var files: [[UInt8]] = []
    for index in 0..<count { files.append(try renderer.image(of: job, index, sources: sources)) }
    return files
  }

  /// Checks how many images are asked for.
  /// - Parameter name: the caller's name of that argument.
  static func check(_ count: Int, name: String) throws(ImageGenerationError) {
    guard (1...10).contains(count) else { throw .invalidArgument(name: name, value: "\(count)", allowed: "1 to 10") }
  }

  /// Keeps a file for the retention period. When this returns, every process that opened the store serves it.
  ///
  /// - Parameters:
  ///   - file: any bytes. They are neither read nor changed.
  ///   - format: what ``image(for:)`` then says of them.
  /// - Throws: ``ImageGenerationError/imageTooLarge(bytes:capacity:)``, ``ImageGenerationError/storeFull(capacity:)``,
  ///   ``ImageGenerationError/storeBusy(reason:)``, or ``ImageGenerationError/storeUnavailable(reason:)`` if the shared memory was removed.
  public func store(_ file: [UInt8], format: ImageFormat = .png) throws(ImageGenerationError) -> ImageID {
    do throws(StoreError) { return try store.insert(file, format: format).wait() } catch { throw ImageGenerationError(error) }
  }

  /// Copies an image out of the store.
  ///
  /// - Returns: nil if there never was an image with that ID, or if it was evicted or has expired.
  /// - Throws: ``ImageGenerationError/storeBusy(reason:)`` if the store cannot be reached at the moment.
  public func image(for id: ImageID) throws(ImageGenerationError) -> StoredImage? {
    do throws(StoreError) { return try store.image(for: id).wait() } catch { throw ImageGenerationError(error) }
  }

  /// Frees the memory of expired images, which are not served in any case. Call it every few minutes.
  public func sweep() { store.sweep() }

  /// Counts what the store holds, whoever stored it.
  public func storageStatistics() -> StorageStatistics {
    let statistics = store.statistics
    return StorageStatistics(
      totalImages: statistics.images, totalSizeBytes: statistics.bytesUsed, retentionHours: store.retention / .seconds(3600),
      backend: store.kind)
  }
}

/// The content of the store. Expired images do not count.
public struct StorageStatistics: Sendable, Equatable {
  /// Images that can be fetched.
  public var totalImages: Int
  /// Bytes of these images.
  public var totalSizeBytes: Int
  /// How long this generator's images are served.
  public var retentionHours: Double
  /// The kind of store: `memory`.
  public var backend: String

  /// ``totalSizeBytes`` in mebibytes, rounded to two decimals.
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
