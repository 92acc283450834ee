/// What a renderer keeps of templates from picture to picture: images and fills at the sizes at which they are drawn, and open fonts.
package final class TemplateCache {
  enum Key: Hashable {
    /// An image, or the part of it that is seen, at another size.
    case image(TemplateImage.ID, part: CoveringPart, width: Int, height: Int)
    case background(Background, width: Int, height: Int)
  }

  private var rasters: [Key: (raster: Raster, lastUse: UInt64)] = [:]
  private var fonts: [(id: TemplateFont.ID, renderer: TextRenderer)] = []
  private var uses: UInt64 = 0
  private let byteLimit: Int
  /// Of all rasters together.
  package private(set) var byteCount = 0

  /// Bytes that a renderer keeps: ten fills of the usual size.
  package static let usualSize = 32 << 20

  package init(byteLimit: Int = usualSize) { self.byteLimit = byteLimit }

  /// Rasters that are kept.
  package var count: Int { rasters.count }

  /// The raster of a key, made if it is not kept. It takes the place of those that have not been used for longest; one that is larger than the
  /// limit is not kept.
  func raster(_ key: Key, make: () -> Raster) -> Raster {
    uses += 1
    if let known = rasters[key] {
      rasters[key]?.lastUse = uses
      return known.raster
    }
    let raster = make()
    let size = raster.rows.count
    guard size <= byteLimit else { return raster }
    while byteCount + size > byteLimit, let oldest = rasters.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      byteCount -= oldest.value.raster.rows.count
      rasters[oldest.key] = nil
    }
    rasters[key] = (raster, uses)
    byteCount += size
    return raster
  }

  /// Call this before the first text of each picture: see ``TextRenderer/begin()``.
  func begin() { for font in fonts { font.renderer.begin() } }

  /// A renderer that writes with a font of its own; nil if the file is not a font.
  func renderer(of font: TemplateFont) -> TextRenderer? {
    if let index = fonts.firstIndex(where: { $0.id == font.id }) {
      fonts.append(fonts.remove(at: index))
      return fonts.last?.renderer
    }
    guard let opened = try? Font(bytes: font.bytes, name: font.name) else { return nil }
    if fonts.count == Self.mostFonts { fonts.removeFirst() }
    fonts.append((font.id, TextRenderer(font: opened)))
    return fonts.last?.renderer
  }

  /// Open fonts. Each has letters that were drawn.
  private static let mostFonts = 4
}

/// Identifies what was read from a file. Another content has another number, in this process.
package struct TemplateFileID: Hashable, Sendable {
  private let number: UInt64

  package init(_ number: UInt64) { self.number = number }
}

/// A picture in a template, decoded.
package struct TemplateImage: Sendable {
  package typealias ID = TemplateFileID

  package let id: ID
  package let upload: Upload

  package init(_ upload: Upload, id: ID) { (self.upload, self.id) = (upload, id) }
}

/// A font of a template's own.
package struct TemplateFont: Sendable {
  package typealias ID = TemplateFileID

  package let id: ID
  /// Of the file, for messages.
  package let name: String
  /// The content of the file.
  package let bytes: [UInt8]

  /// - Parameter opens: whether the font is opened once, so that one that cannot be used is found out early.
  package init(_ bytes: [UInt8], name: String, id: ID, opens: Bool = true) throws(FontError) {
    if opens { _ = try Font(bytes: bytes, name: name) }
    (self.bytes, self.name, self.id) = (bytes, name, id)
  }
}
