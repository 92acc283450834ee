package import Drawing
import ImageCoding
package import ImageGeneration
import Synchronization
package import SystemCalls

/// The files of a directory, which are shown instead of drawn images.
///
/// A file is looked at each time that it is asked for, so that the directory can change at any time. What was decoded and scaled is kept as long as
/// the file stays the same and there is room.
///
/// Safe to call from several threads.
package final class PictureLibrary: Sendable {
  private let directory: String
  private let cache: Mutex<PictureCache>
  private let clock: WallClock

  /// Bytes of the scaled pictures that a library keeps: ten of 1024x1024.
  package static let usualCacheSize = 32 << 20

  /// - Parameters:
  ///   - directory: its path. It is looked up each time, so it may be replaced.
  ///   - cacheSize: in bytes.
  ///   - clock: that of the file system.
  package init(directory: String, cacheSize: Int = usualCacheSize, clock: WallClock = .system) {
    (self.directory, self.clock) = (directory, clock)
    cache = Mutex(PictureCache(byteLimit: cacheSize))
  }

  /// The pictures that are kept, and their bytes.
  package var cached: (count: Int, bytes: Int) { cache.withLock { ($0.count, $0.byteCount) } }

  /// Throws unless the directory has a file of that name that begins like a PNG, JPEG or WebP file. It is not decoded.
  package func check(_ name: String) throws(PictureError) {
    do throws(PictureError.Reason) {
      let start = try PictureFile(name, in: directory).prefix(64)
      // The decoder says what else it is.
      if UploadFormat(start.span) == nil { _ = try Self.decoded(start, covering: .square1024, false) }
    } catch {
      throw explained(error, name)
    }
  }

  /// A file, scaled and cropped to cover a size.
  ///
  /// Takes milliseconds per megapixel of the file, unless the result was kept. A file that is written to meanwhile is read again.
  ///
  /// - Parameter keepsAlpha: whether the format that it will get has an alpha channel.
  package func picture(_ name: String, covering size: PictureSize, keepsAlpha: Bool) throws(PictureError) -> FittedPicture {
    do throws(PictureError.Reason) {
      return try PictureFile.reading(name, in: directory) { file throws(PictureError.Reason) in
        let key = PictureCache.Key(name: name, file: file.identity, size: size, keepsAlpha: keepsAlpha)
        if let known = cache.withLock({ $0.find(key) }) { return known }
        let isSettled = file.identity.isSettled(at: clock.now())
        guard let bytes = try file.content() else { return nil }
        let picture = try Self.decoded(bytes, covering: size, keepsAlpha)
        if isSettled { cache.withLock { $0.keep(picture, as: key) } }
        return picture
      }
    } catch {
      throw explained(error, name)
    }
  }

  private static func decoded(
    _ bytes: [UInt8], covering size: PictureSize, _ keepsAlpha: Bool
  ) throws(PictureError.Reason) -> FittedPicture {
    do throws(DecodingError) {
      var allowance = SourceImages.allowance
      let image = try ImageDecoder.decode(bytes.span, toPixels: FittedPicture.mostPixels, allowance: &allowance)
      return FittedPicture(image, covering: size, keepsAlpha: keepsAlpha)
    } catch {
      throw .undecodable(error)
    }
  }

  /// The error, with the name that may have been meant.
  private func explained(_ reason: PictureError.Reason, _ name: String) -> PictureError {
    guard reason == .unknown else { return PictureError(name, reason) }
    let names = try? visibleNames(in: directory, atMost: Self.mostSuggested)
    return PictureError(name, reason, names: names?.sorted() ?? [])
  }

  /// Names that are compared with an unknown one.
  private static let mostSuggested = 1000
}

/// A server without a directory of pictures has none that could be shown.
extension PictureLibrary? {
  package func check(_ name: String) throws(PictureError) {
    guard let self else { throw PictureError(name, .noDirectory) }
    try self.check(name)
  }

  package func picture(_ name: String, covering size: PictureSize, keepsAlpha: Bool) throws(PictureError) -> FittedPicture {
    guard let self else { throw PictureError(name, .noDirectory) }
    return try self.picture(name, covering: size, keepsAlpha: keepsAlpha)
  }
}
