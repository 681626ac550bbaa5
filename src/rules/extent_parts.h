/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of extents share, private to rules/. */
#ifndef RULES_EXTENT_PARTS_H
#define RULES_EXTENT_PARTS_H

#include "rules/extent.h"

/* What is cut into more pieces is not worth it; a list of 15 ports in either direction fits. */
enum { EXTENT_MOST_BOXES = 1024 };

/* Appends a copy. */
void extent_add_box(struct extent *extent, const struct extent_box *box);

#endif
