import CPNG
import Drawing

/// libpng as most programs use it: zlib's level 6, and of the five filters the one that a guess calls best for each row.
///
/// Its simplified interface leaves both at their defaults, those of `png_write_image`, and needs no `setjmp`. Keeps its buffer, as ours does.
struct LibPNGEncoder {
  private var file: [UInt8] = []

  /// - Returns: the bytes of the file.
  mutating func encode(_ canvas: borrowing Canvas) -> Int {
    var image = unsafe png_image()
    unsafe image.version = UInt32(PNG_IMAGE_VERSION)
    unsafe (image.width, image.height) = (UInt32(canvas.size.width), UInt32(canvas.size.height))
    unsafe image.format = UInt32(PNG_FORMAT_FLAG_COLOR)
    let stride = canvas.stride
    return canvas.withRows { rows in
      var length = 2 * rows.count
      if file.count < length { file = [UInt8](repeating: 0, count: length) }
      // The rows from behind the first filter byte: pixels, then a byte to skip, which lies within the stride.
      let written = unsafe rows.extracting(1...).withUnsafeBytes { pixels in
        unsafe png_image_write_to_memory(&image, &file, &length, 0, pixels.baseAddress, png_int_32(stride), nil)
      }
      precondition(written != 0, "libpng refused a canvas")
      return length
    }
  }
}
