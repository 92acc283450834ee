import Drawing
import FoundationEssentials
import JSON

/// A description as XMP (ISO 16684-1), the metadata format of WebP: Dublin Core's `description`.
enum XMPPacket {
  static func describing(_ text: String) -> String {
    """
    <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
    <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>\
    <rdf:li xml:lang="x-default">\(text.escapedForXML)</rdf:li>\
    </rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>
    """
  }
}

/// Wraps pixels in an SVG, for images without vector outlines.
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
