/// The limits of a form, in parts and bytes. A form of the Images API has at most 16 images, a mask, an overlay and some twenty fields.
package struct MultipartLimits: Sendable {
  package var parts = 64
  /// The limit for all headers of one part.
  package var headerBytes = 4096
  /// The limit for a part without a file name: the longest prompt has 32,000 characters of up to four bytes.
  package var fieldBytes = 256 << 10
  package var fileBytes = 50 << 20

  package init() {}
}
