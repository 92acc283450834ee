import CISAL

/// The CRC-32 of zlib, gzip and PNG, which every language has at hand: enough to tell whether an upload is the one that was meant.
package func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  unsafe bytes.withUnsafeBufferPointer { buffer in
    guard let start = buffer.baseAddress else { return 0 }
    return unsafe crc32_gzip_refl(0, start, UInt64(buffer.count))
  }
}

/// CRC-32C (Castagnoli) by ISA-L, which picks the processor's instructions at run time.
package func crc32c(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = ~0) -> UInt32 {
  guard let start = bytes.baseAddress else { return previous }
  // The C signature lacks a const; the function only reads.
  let pointer = unsafe UnsafeMutablePointer(mutating: start.assumingMemoryBound(to: UInt8.self))
  return unsafe crc32_iscsi(pointer, CInt(bytes.count), previous)
}
