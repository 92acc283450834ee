/// The formats of uploads.
package enum UploadFormat: Sendable, Hashable, CaseIterable {
  case png, jpeg, webp

  /// As people write it.
  package var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .webp: "WebP"
    }
  }

  /// Detects the format by the file's first bytes; a media type or a name only states what somebody believed.
  package init?(_ file: Span<UInt8>) {
    guard let format = Self.allCases.first(where: { $0.begins(file) }) else { return nil }
    self = format
  }

  private func begins(_ file: Span<UInt8>) -> Bool {
    switch self {
    case .png: file.has([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], at: 0)
    case .jpeg: file.has([0xff, 0xd8, 0xff], at: 0)
    case .webp: file.has(Array("RIFF".utf8), at: 0) && file.has(Array("WEBP".utf8), at: 8)
    }
  }
}

extension Span<UInt8> {
  fileprivate func has(_ bytes: [UInt8], at offset: Int) -> Bool {
    offset + bytes.count <= count && bytes.indices.allSatisfy { self[offset + $0] == bytes[$0] }
  }
}
