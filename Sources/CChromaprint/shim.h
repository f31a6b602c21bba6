#ifndef SILLON_CCHROMAPRINT_SHIM_H
#define SILLON_CCHROMAPRINT_SHIM_H

#include <chromaprint.h>

/* The name has a value of its own in the enumeration, which Swift would take for another one. */
static const int sillon_fingerprint_algorithm = CHROMAPRINT_ALGORITHM_DEFAULT;

#endif
