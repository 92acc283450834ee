#pragma once
#include <thai/thwbrk.h>
