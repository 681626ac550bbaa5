/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sets that the user's rules name, in the kernel: made and read back by the machine's own ipset. */
#ifndef KERNEL_SETS_H
#define KERNEL_SETS_H

#include <stdbool.h>

#include "base/text.h"

/* Makes them, from lines of `ipset save`. False after an error, told: the tool, or a type of set, is missing. */
bool sets_load(const char *lines, struct text *error);

/* What `ipset save` prints now. False after an error. */
bool sets_save(struct text *lines, struct text *error);

#endif
