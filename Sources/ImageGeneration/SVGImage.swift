import Drawing
import FoundationEssentials
import JSON

/// Wraps pixels in an SVG, for images without outlines.
enum SVGImage {
  /// - Parameter png: a PNG of the described size.
  static func wrap(_ png: [UInt8], about description: PictureDescription) -> [UInt8] {
    let (width, height) = (description.size.width, description.size.height)
    let text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)">
      <desc>\(description.json.compact.escapedForXML)</desc>
      <image width="\(width)" height="\(height)" href="data:image/png;base64,\(Data(png).base64EncodedString())"/>
      </svg>

      """
    return Array(text.utf8)
  }
}
