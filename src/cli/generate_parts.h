/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the generator share, private to cli/generate*.c. */
#ifndef CLI_GENERATE_PARTS_H
#define CLI_GENERATE_PARTS_H

#include "cli/generate.h"
#include "rules/extent.h"

/* Does the box leave anything of the field out? */
bool generate_is_narrow(const struct extent_box *box, enum packet_field field, enum family family);

#endif
