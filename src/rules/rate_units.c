/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rate_units.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

static const struct rate_unit {
	const char *name, *printed;
	uint32_t seconds;
} units[] = {
	{ "day", "day", 86400 }, { "hour", "hour", 3600 }, { "minute", "min", 60 }, { "second", "sec", 1 },
};

enum { N_UNITS = sizeof(units) / sizeof(units[0]) };

uint32_t rate_units_find(const char *name)
{
	for (unsigned i = 0; name[0] && i < N_UNITS; i++) {
		if (strncasecmp(units[i].name, name, strlen(name)) == 0)
			return units[i].seconds;
	}
	return 0;
}

uint32_t rate_units_print(uint64_t period, uint32_t scale, struct text *out)
{
	unsigned i = 1;

	for (; i < N_UNITS; i++) {
		uint64_t unit = (uint64_t)units[i].seconds * scale;

		if (period > unit || unit / period < unit % period)
			break;
	}
	text_printf(out, "%" PRIu64 "/%s", (uint64_t)units[i - 1].seconds * scale / period, units[i - 1].printed);
	return units[i - 1].seconds;
}
