public import Drawing
public import ImageStore
import SharedMemory

/// Generates placeholder images: draws, encodes and stores them.
///
/// ```swift
/// let generator = try ImageGenerator(configuration: .init(storeName: "preview"))
/// let images = try generator.generate(prompt: "A lake at sunset", quality: .hd, n: 2)
/// ```
///
/// Safe to call from several threads. The store is shared with every process that opens the same name.
public final class ImageGenerator: Sendable {
  package let renderer: ImageRenderer
  package let store: SharedMemoryStore

  /// The store of the images and their lifetime.
  public struct Configuration: Sendable {
    /// Part of the shared-memory object's name: `/fakeai-images-<name>-v1`.
    public var storeName: String
    /// Bytes of shared memory, reserved when the store is created.
    public var storeSize: Int
    public var retentionHours: Double
    /// Whether a full store evicts its oldest image for a new one, or refuses the new one.
    public var evictsWhenFull: Bool

    public init(storeName: String = "default", storeSize: Int = 256 << 20, retentionHours: Double = 1, evictsWhenFull: Bool = true) {
      self.storeName = storeName
      self.storeSize = storeSize
      self.retentionHours = retentionHours
      self.evictsWhenFull = evictsWhenFull
    }
  }

  /// Opens the store, creates it if it does not exist, and finds a font.
  /// - Throws: an error that describes why the shared memory cannot be opened.
  public convenience init(configuration: Configuration = Configuration()) throws {
    let store = try SharedMemoryStore(
      name: configuration.storeName, size: configuration.storeSize, retentionHours: configuration.retentionHours,
      evictsWhenFull: configuration.evictsWhenFull)
    self.init(renderer: try ImageRenderer(), store: store)
  }

  package init(renderer: ImageRenderer, store: SharedMemoryStore) {
    self.renderer = renderer
    self.store = store
  }

  /// Generates `n` images for one prompt, which differ in colour or pattern.
  ///
  /// - Parameters:
  ///   - n: 1 to 10; with more than ten, colours repeat.
  ///   - seed: a different seed gives different images for the same prompt.
  /// - Returns: one entry per image, in order.
  /// - Throws: ``StoreError`` where an image cannot be kept, ``ImageRenderer/EncodingFailed`` where one cannot be made.
  public func generate(
    prompt: String, size: PictureSize = .square1024, quality: Quality = .standard, style: Style = .vivid, n: Int = 1,
    responseFormat: ResponseFormat = .url, model: String = "dall-e-3", seed: UInt64 = 0, isTransparent: Bool = false,
    encoding: Encoding = .png
  ) throws -> [GeneratedImage] {
    try (0..<n).map { index in
      let file = try createImage(
        PictureDescription(
          prompt: prompt, model: model, size: size, quality: quality, style: style, index: index, seed: seed,
          isTransparent: isTransparent), as: encoding)
      return responseFormat == .url ? .stored(try storeImage(file, format: encoding.format)) : .file(file)
    }
  }

  /// Draws one image.
  /// - Returns: a file of the encoding's format.
  public func createImage(_ description: PictureDescription, as encoding: Encoding = .png) throws(ImageRenderer.EncodingFailed) -> [UInt8] {
    try renderer.createImage(description, as: encoding)
  }

  /// Stores a file for the retention period. When this returns, every process that has opened the store serves it.
  public func storeImage(_ file: [UInt8], format: ImageFormat = .png) throws(StoreError) -> ImageID {
    try store.insert(file, contentType: format.contentType)
  }

  /// The file with that id, or nil if it never existed, was evicted or has expired.
  public func image(for id: ImageID) -> [UInt8]? { store.image(for: id)?.bytes }

  public func storageStatistics() -> StorageStatistics {
    let statistics = store.statistics
    return StorageStatistics(
      totalImages: statistics.images, totalSizeBytes: statistics.bytesUsed, retentionHours: store.retentionHours, backend: "memory")
  }
}

extension PictureSize {
  /// 1024x1024, the usual size of every model.
  public static let square1024 = PictureSize(width: 1024, height: 1024)!
}
