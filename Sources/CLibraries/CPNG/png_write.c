#include "CPNG.h"

#include <setjmp.h>
#include <string.h>

typedef struct {
  uint8_t *bytes;
  size_t capacity;
  size_t count;
} sink;

static void sink_write(png_structp png, png_bytep data, size_t length) {
  sink *to = png_get_io_ptr(png);
  if (length > to->capacity - to->count) png_error(png, "no room");
  memcpy(to->bytes + to->count, data, length);
  to->count += length;
}

static void sink_flush(png_structp png) { (void)png; }

// The default handlers print to stderr; here the caller learns by the return value.
static void quiet_error(png_structp png, png_const_charp message) {
  (void)message;
  png_longjmp(png, 1);
}
static void quiet_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

enum { max_texts = 8 };

size_t cpng_write_head(uint8_t *out, size_t capacity, uint32_t width, uint32_t height, int color_type,
                       const cpng_text *texts, int text_count) {
  if (text_count < 0 || text_count > max_texts) return 0;
  sink to = {out, capacity, 0};
  png_text chunks[max_texts];
  memset(chunks, 0, sizeof chunks);
  for (int i = 0; i < text_count; i++) {
    chunks[i].compression = PNG_ITXT_COMPRESSION_NONE;
    chunks[i].key = (char *)texts[i].keyword;
    chunks[i].text = (char *)texts[i].text;
    chunks[i].lang = "";
    chunks[i].lang_key = "";
  }

  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, quiet_error, quiet_warning);
  if (png == NULL) return 0;
  png_infop info = png_create_info_struct(png);
  if (info == NULL || setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return 0;
  }
  png_set_write_fn(png, &to, sink_write, sink_flush);
  png_set_IHDR(png, info, width, height, 8, color_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (text_count > 0) png_set_text(png, info, chunks, text_count);
  png_write_info(png, info);
  png_destroy_write_struct(&png, &info);
  return to.count;
}
