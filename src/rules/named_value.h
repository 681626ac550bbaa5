/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A number and a mask of which iproute2 names the number 0. iptables 1.8.9, xtables_parse_val_mask(). */
#ifndef RULES_NAMED_VALUE_H
#define RULES_NAMED_VALUE_H

#include "rules/options.h"

bool named_value_parse(struct masked_value *masked, const struct argument *value, const char *name_of_zero,
		       struct diagnostics *diagnostics);

/* "default", "0x1", "0x1/0xf". */
void named_value_print(const struct masked_value *masked, const char *name_of_zero, struct text *out);

#endif
