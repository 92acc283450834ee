import Drawing
import ImageCoding
import ImageGeneration
import Pictures
import Spelling
import Synchronization
import SystemCalls

/// The images and fonts of one template, read from its directory within limits.
final class TemplateFiles {
  /// A clause about a file, with the limit if it exceeds one.
  struct Problem: Error {
    let text: String
  }

  /// nil: there is none, as for the templates that are built in.
  private let directory: String?
  /// The images that the template names.
  var imageCount = 1
  /// What was read, as of then.
  private(set) var identities: [String: PictureFile.Identity] = [:]
  /// Bytes of pixels and fonts.
  private(set) var byteCount = 0
  private var images: [String: TemplateImage] = [:]
  private var fonts: [String: TemplateFont] = [:]
  private var allowance = SourceImages.allowance

  /// Images of one template, which share the pixels that the uploads of one request may have.
  static let mostImages = 16
  static let mostFonts = 2
  /// Bytes of a font: enough for Chinese, Japanese and Korean.
  static let largestFont = 32 << 20

  /// Whether images are decoded and fonts are opened. If not, they only have to be there, and one pixel stands for each image.
  private let reads: Bool

  init(directory: String?, reads: Bool = true) { (self.directory, self.reads) = (directory, reads) }

  func image(_ name: String) throws(Problem) -> TemplateImage {
    if let known = images[name] { return known }
    guard images.count < Self.mostImages else {
      throw Problem(text: "\(TemplateNode.quoted(name)) is one image too many; allowed: at most \(Self.mostImages) different ones")
    }
    let bytes = try bytes(of: name, atMost: PictureFile.largest)
    do throws(DecodingError) {
      // The decoder says what else the file is.
      guard reads || UploadFormat(bytes.span) == nil else {
        let pixel = TemplateImage(Upload(width: 1, height: 1, pixels: [0, 0, 0, 0]), id: Self.newID())
        images[name] = pixel
        return pixel
      }
      let pixels = SourceImages.mostPixels / min(max(imageCount, 1), Self.mostImages)
      let decoded = try ImageDecoder.decode(bytes.span, toPixels: pixels, allowance: &allowance)
      byteCount += decoded.pixels.count
      let upload = Upload(width: decoded.width, height: decoded.height, pixels: decoded.pixels, isOpaque: !decoded.hasAlpha)
      let image = TemplateImage(upload, id: Self.newID())
      images[name] = image
      return image
    } catch {
      throw Problem(text: "\(TemplateNode.quoted(name)) cannot be shown: it is \(error)")
    }
  }

  func font(_ name: String) throws(Problem) -> TemplateFont {
    if let known = fonts[name] { return known }
    guard fonts.count < Self.mostFonts else {
      throw Problem(text: "\(TemplateNode.quoted(name)) is one font too many; allowed: at most \(Self.mostFonts) different ones")
    }
    let bytes = try bytes(of: name, atMost: Self.largestFont)
    do throws(FontError) {
      let font = try TemplateFont(bytes, name: name, id: Self.newID(), opens: reads)
      byteCount += bytes.count
      fonts[name] = font
      return font
    } catch {
      throw Problem(text: "\(TemplateNode.quoted(name)) cannot be used: \(error); allowed: a TrueType or OpenType file")
    }
  }

  private func bytes(of name: String, atMost limit: Int) throws(Problem) -> [UInt8] {
    guard let directory else {
      throw Problem(text: "\(TemplateNode.quoted(name)) cannot be read: \(PictureError.Reason.noDirectory.clause(of: Self.directoryName))")
    }
    do throws(PictureError.Reason) {
      let file = try PictureFile.bytes(of: name, in: directory, atMost: limit, onlyFirst: reads ? nil : 64)
      identities[name] = file.identity
      return file.bytes
    } catch {
      let names = error == .unknown ? TemplateLibrary.fileNames(in: directory) : []
      throw Problem(
        text: "\(TemplateNode.quoted(name))\(names.suggestion(for: name)) cannot be read: \(error.clause(of: Self.directoryName))")
    }
  }

  static let directoryName = "templates (FAKEAI_TEMPLATES)"

  private static let lastID = Mutex<UInt64>(0)

  private static func newID() -> TemplateFileID {
    lastID.withLock { last in
      last += 1
      return TemplateFileID(last)
    }
  }
}
