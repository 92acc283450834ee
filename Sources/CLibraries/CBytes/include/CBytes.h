#pragma once
// Comparisons of many bytes at once, which Swift's SIMD types cannot turn into a number of bytes.
#include <stdint.h>

/// How many of the 32 bytes at two addresses are equal before the first ones that differ.
static inline uint32_t cbytes_equal_of_32(const void *_Nonnull first, const void *_Nonnull second) {
  typedef uint8_t vector __attribute__((ext_vector_type(32)));
  typedef _Bool mask __attribute__((ext_vector_type(32)));
  vector a, b;
  __builtin_memcpy(&a, first, sizeof a);
  __builtin_memcpy(&b, second, sizeof b);
  uint32_t differing = __builtin_bit_cast(uint32_t, __builtin_convertvector(a != b, mask));
  return differing == 0 ? 32 : (uint32_t)__builtin_ctz(differing);
}

/// How many of the 64 bytes at two addresses are equal before the first ones that differ.
static inline uint32_t cbytes_equal_of_64(const void *_Nonnull first, const void *_Nonnull second) {
  typedef uint8_t vector __attribute__((ext_vector_type(64)));
  typedef _Bool mask __attribute__((ext_vector_type(64)));
  vector a, b;
  __builtin_memcpy(&a, first, sizeof a);
  __builtin_memcpy(&b, second, sizeof b);
  uint64_t differing = __builtin_bit_cast(uint64_t, __builtin_convertvector(a != b, mask));
  return differing == 0 ? 64 : (uint32_t)__builtin_ctzll(differing);
}
