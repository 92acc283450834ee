#include "CPNG.h"

#include <setjmp.h>
#include <string.h>

typedef struct {
  const uint8_t *bytes;
  size_t left;
} source;

static void source_read(png_structp png, png_bytep out, size_t length) {
  source *from = png_get_io_ptr(png);
  if (length > from->left) png_error(png, "the file ends early");
  memcpy(out, from->bytes, length);
  from->bytes += length;
  from->left -= length;
}

static void keep_error(png_structp png, png_const_charp message) {
  char *reason = png_get_error_ptr(png);
  strncpy(reason, message, CPNG_REASON - 1);
  reason[CPNG_REASON - 1] = 0;
  png_longjmp(png, 1);
}
static void quiet_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

// One chunk may make libpng allocate no more than this; only a palette and its transparency are read at all.
enum { chunk_limit = 1 << 16 };

static void limit(png_structp png, uint32_t width, uint32_t height) {
  png_set_user_limits(png, width, height);
  png_set_chunk_cache_max(png, 1);
  png_set_chunk_malloc_max(png, chunk_limit);
  // A negative count: every chunk but IHDR, PLTE, tRNS, IDAT and IEND is skipped, be it compressed text or a colour profile.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  // Some programs declare a smaller window than they use. The largest one has 32 KiB.
  png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
}

// Whatever the file holds, rows come out as 8-bit RGBA.
static void expand(png_structp png) {
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
}

// The rows of one pass, of which there is one where nothing is interlaced.
static void read_pass(png_structp png, uint32_t width, uint32_t height, int pass, int interlaced, cpng_row row, uint8_t *rgba,
                      cpng_sink sink, void *context) {
  row.first = interlaced ? PNG_PASS_START_COL(pass) : 0;
  row.step = interlaced ? PNG_PASS_COL_OFFSET(pass) : 1;
  // A pass without a pixel is not stored.
  if (row.first >= width) return;
  row.count = (width - row.first + row.step - 1) / row.step;
  row.rgba = rgba;
  uint32_t down = interlaced ? PNG_PASS_ROW_OFFSET(pass) : 1;
  for (row.y = interlaced ? PNG_PASS_START_ROW(pass) : 0; row.y < height; row.y += down) {
    png_read_row(png, rgba, NULL);
    sink(context, &row);
  }
}

int cpng_read(const uint8_t *file, size_t length, uint32_t width, uint32_t height, int passes, uint8_t *rgba, cpng_sink sink,
              void *context, char *reason) {
  source from = {file, length};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reason, keep_error, quiet_warning);
  if (png == NULL) return 0;
  png_infop info = png_create_info_struct(png);
  if (info == NULL || setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
  }
  png_set_read_fn(png, &from, source_read);
  limit(png, width, height);
  png_read_info(png, info);
  if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height) png_error(png, "another size");
  cpng_row row = {0};
  row.has_alpha = (png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  int interlaced = png_get_interlace_type(png, info) == PNG_INTERLACE_ADAM7;
  int stored = interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1;
  expand(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != (size_t)width * 4) png_error(png, "not RGBA");
  for (int pass = 0; pass < stored && pass < passes; pass++)
    read_pass(png, width, height, pass, interlaced, row, rgba, sink, context);
  png_destroy_read_struct(&png, &info, NULL);
  return 1;
}
