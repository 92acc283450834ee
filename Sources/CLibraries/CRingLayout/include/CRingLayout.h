#pragma once
// The memory layout of a ring in shared memory. It outlives every process and every build, so C defines and asserts it.
#include <CPOSIX.h>
#include <stddef.h>
#include <stdint.h>

enum {
  ring_header_size = 4096,
  ring_slot_size = 128,
  cache_line_size = 64,
};

/// The beginning of every segment. `magic` is written last, so a segment without it is unfinished.
typedef struct {
  uint64_t magic;
  uint64_t stamp;
  int64_t created;
  /// The size of the segment, which distinguishes a truncated segment from one that was created with another size; 0: created by a version
  /// that did not record it.
  uint64_t size;
} segment_header;

/// How many of the entries before `first` were evicted; the others had expired.
typedef struct {
  uint64_t first;
  uint64_t evicted;
} ring_account;

/// Written under `lock`, except `reads_overtaken`. Entries first..<next are live; everything else is derived or statistics. A word that one
/// process writes while others read has a cache line of its own. Swift does not import over-aligned fields, hence the padding.
typedef struct {
  segment_header segment;
  uint8_t padding_0[cache_line_size - sizeof(segment_header)];
  uint64_t first;
  uint8_t padding_1[cache_line_size - sizeof(uint64_t)];
  uint64_t next;
  uint8_t padding_2[cache_line_size - sizeof(uint64_t)];
  cposix_mutex lock;
  uint64_t expired;  // Of the entries before `first`, for rings that were created before there were accounts.
  uint64_t lock_owners_died;
  uint64_t terms;  // The terms that its users have agreed on; 0: none. Written under the lock under which segments are created.
  ring_account accounts[2];  // The one with the current `first` is valid. Storing `first` switches from one to the other.
  uint8_t padding_3[cache_line_size - 3 * sizeof(uint64_t) - 2 * sizeof(ring_account)];
  uint64_t reads_overtaken;
} ring_header;

/// One entry. `position` counts bytes since the ring was created and never wraps: its offset is `position % data size`.
typedef struct {
  uint64_t sequence;
  uint64_t key_high;
  uint64_t key_low;
  uint64_t position;
  uint32_t length;
  uint32_t metadata_length;
  uint32_t tag;
  uint32_t checksum;
  int64_t created;
  int64_t expires;
  uint8_t reserved[64];
} ring_slot;

_Static_assert(sizeof(ring_header) <= ring_header_size, "the header has one page");
_Static_assert(sizeof(ring_slot) == ring_slot_size, "slots are two cache lines");
_Static_assert(offsetof(ring_header, first) == 1 * cache_line_size, "first has a cache line");
_Static_assert(offsetof(ring_header, next) == 2 * cache_line_size, "next has a cache line");
_Static_assert(offsetof(ring_header, lock) == 3 * cache_line_size, "the lock has a cache line");
_Static_assert(offsetof(ring_header, expired) == 4 * cache_line_size, "writers' statistics share a cache line");
_Static_assert(offsetof(ring_header, reads_overtaken) == 5 * cache_line_size, "readers' statistics have a cache line");

/// The offset of each word of the header, for Swift.
enum {
  ring_first_offset = offsetof(ring_header, first),
  ring_next_offset = offsetof(ring_header, next),
  ring_lock_offset = offsetof(ring_header, lock),
  ring_expired_offset = offsetof(ring_header, expired),
  ring_lock_owners_died_offset = offsetof(ring_header, lock_owners_died),
  ring_reads_overtaken_offset = offsetof(ring_header, reads_overtaken),
  ring_terms_offset = offsetof(ring_header, terms),
  ring_accounts_offset = offsetof(ring_header, accounts),
};
