#pragma once
#include <png.h>
#include <stddef.h>
#include <stdint.h>

/// One UTF-8 text chunk (iTXt, uncompressed). Both strings are NUL-terminated.
typedef struct {
  const char *keyword;
  const char *text;
} cpng_text;

/// Writes the part of an 8-bit PNG before its pixels: signature, IHDR, iTXt.
///
/// libpng reports errors by longjmp, so the whole of it stays in this one C frame.
/// `color_type` is PNG_COLOR_TYPE_RGB or PNG_COLOR_TYPE_RGB_ALPHA.
/// Returns the number of bytes written to `out`, or 0 if libpng failed or `capacity` was too small.
size_t cpng_write_head(uint8_t *out, size_t capacity, uint32_t width, uint32_t height, int color_type,
                       const cpng_text *texts, int text_count);

/// Some pixels of row `y`, as 8-bit RGBA: `count` of them, from column `first` on, each `step` columns after the one before.
typedef struct {
  uint32_t y, first, step, count;
  const uint8_t *rgba;
  /// Whether the file has an alpha channel or a transparent colour.
  int has_alpha;
} cpng_row;

/// Receives a row, whose pixels are valid only during the call.
typedef void (*cpng_sink)(void *context, const cpng_row *row);

/// Decodes any PNG, row by row.
///
/// An interlaced file is decoded as it is stored, pass by pass. Only the first `passes` (1 to 7) are read; data after them is ignored.
///
/// libpng reports errors by longjmp, so the whole of it stays in this one C frame. It allocates some rows and its window, whatever the
/// file says: `width` and `height` are limits as well, and a file of another size is refused.
/// `rgba` has room for 4 * `width` bytes, where each row is before `sink` gets it.
/// Returns 1, or 0 if the pixels are damaged, incomplete, or of another size. Then `reason`, with room for CPNG_REASON bytes, has libpng's
/// words. What follows the pixels is not read.
int cpng_read(const uint8_t *file, size_t length, uint32_t width, uint32_t height, int passes, uint8_t *rgba, cpng_sink sink,
              void *context, char *reason);

/// The room for a reason, with its NUL.
enum { CPNG_REASON = 128 };
