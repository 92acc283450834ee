import CISAL

/// The CRC-32 of zlib, gzip and PNG, which every language has at hand: enough to tell whether an upload is the one that was meant.
package func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  unsafe bytes.withUnsafeBufferPointer { buffer in
    guard let start = buffer.baseAddress else { return 0 }
    return unsafe crc32_gzip_refl(0, start, UInt64(buffer.count))
  }
}
