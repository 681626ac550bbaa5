/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timeout policies of the namespace, made by nfct(8) before rules name them. */
#ifndef KERNEL_POLICIES_H
#define KERNEL_POLICIES_H

#include <stdbool.h>

#include "base/text.h"

/* `lines`: "nfct add timeout NAME ...", one policy a line, as --timeouts has found them to be right. False after an error, told. */
bool policies_load(const char *lines, struct text *error);

#endif
