import CISAL

/// CRC-32C (Castagnoli) by ISA-L, which picks the processor's instructions at run time.
func crc32c(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = ~0) -> UInt32 {
  guard let start = bytes.baseAddress else { return previous }
  // The C signature lacks a const; the function only reads.
  let pointer = unsafe UnsafeMutablePointer(mutating: start.assumingMemoryBound(to: UInt8.self))
  return unsafe crc32_iscsi(pointer, CInt(bytes.count), previous)
}
