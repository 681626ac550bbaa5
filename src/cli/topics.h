/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program's tables, printed: the topics of `ctreplay list`, which manual pages hold too. */
#ifndef CLI_TOPICS_H
#define CLI_TOPICS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* The names of the topics; NULL behind the last. */
const char *topics_name(size_t index);

/* One line an item, or what is known of the item of that name alone; false when there is none. `name` may be NULL. */
bool topics_print(size_t index, const char *name, struct text *out);

#endif
