#pragma once
#include <fribidi.h>

// Swift does not import macros that are made of others. A paragraph is read as its first strong letter, from left to right if none is.
enum { cfribidi_first_strong = FRIBIDI_PAR_ON };
