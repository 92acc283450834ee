import Drawing
import ImageGeneration

/// The pictures that were shown last, scaled and cropped, within a number of bytes.
struct PictureCache {
  /// A picture at one size. A file that changes is another one.
  struct Key: Hashable {
    var name: String
    var file: PictureFile.Identity
    var size: PictureSize
    var keepsAlpha: Bool
  }

  private struct Entry {
    var picture: FittedPicture
    var lastUse: UInt64
  }

  private var entries: [Key: Entry] = [:]
  private var uses: UInt64 = 0
  private let byteLimit: Int
  /// Of all pictures together.
  private(set) var byteCount = 0

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  var count: Int { entries.count }

  mutating func find(_ key: Key) -> FittedPicture? {
    guard entries[key] != nil else { return nil }
    uses += 1
    entries[key]?.lastUse = uses
    return entries[key]?.picture
  }

  /// Keeps a picture, in place of the same file's older content and of those that have not been used for longest. A picture that is larger than
  /// the limit is not kept.
  mutating func keep(_ picture: FittedPicture, as key: Key) {
    for old in entries.keys where old == key || old.name == key.name && old.file != key.file { remove(old) }
    let size = picture.rows.count
    guard size <= byteLimit else { return }
    while byteCount + size > byteLimit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key { remove(oldest) }
    uses += 1
    entries[key] = Entry(picture: picture, lastUse: uses)
    byteCount += size
  }

  private mutating func remove(_ key: Key) {
    guard let entry = entries.removeValue(forKey: key) else { return }
    byteCount -= entry.picture.rows.count
  }
}
