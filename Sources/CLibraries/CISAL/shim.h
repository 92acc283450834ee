#pragma once
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

// Swift does not import macros that are made of others.
enum { cisal_level1_buffer_size = ISAL_DEF_LVL1_DEFAULT };
