#include "CRingLayout.h"
