import Drawing

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
