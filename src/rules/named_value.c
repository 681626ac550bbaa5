/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/named_value.h"

#include <string.h>

bool named_value_parse(struct masked_value *masked, const struct argument *value, const char *name_of_zero,
		       struct diagnostics *diagnostics)
{
	const char *end, *mask_text;
	uint64_t number, mask = UINT32_MAX;

	masked->mask = UINT32_MAX;
	masked->value = 0;
	if (strcmp(value->text, name_of_zero) == 0)
		return true;
	if (options_read_number(value->text, &end, &number) && number <= UINT32_MAX && (!*end || *end == '/')) {
		mask_text = end + 1;
		if (!*end || (options_read_number(mask_text, &end, &mask) && !*end && mask <= UINT32_MAX)) {
			masked->value = (uint32_t)number;
			masked->mask = (uint32_t)mask;
			return true;
		}
	}
	diag_error(diagnostics, value->where, "NUMBER or NUMBER/MASK; other names than that of 0 are the host's own",
		   "\"%s\" is not a number", value->text);
	return false;
}

void named_value_print(const struct masked_value *masked, const char *name_of_zero, struct text *out)
{
	if (masked->mask != UINT32_MAX)
		text_printf(out, "0x%x/0x%x", masked->value, masked->mask);
	else if (!masked->value)
		text_append(out, name_of_zero);
	else
		text_printf(out, "0x%x", masked->value);
}
