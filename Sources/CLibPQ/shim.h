#ifndef SILLON_CLIBPQ_SHIM_H
#define SILLON_CLIBPQ_SHIM_H

#include <libpq-fe.h>

#endif
