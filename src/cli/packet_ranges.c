/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/packet_ranges.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"

static bool parse_number(const char **text, uint64_t *number)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*number = strtoull(*text, &end, 10);
	*text = end;
	return errno == 0;
}

/* "7", "7-9", "7-": a number, or from one to another. */
static bool parse_range(const char **text, struct packet_range *range)
{
	if (!parse_number(text, &range->first) || range->first == 0)
		return false;
	range->last = range->first;
	if (**text != '-')
		return true;
	++*text;
	if (**text == '\0' || **text == ',') {
		range->last = UINT64_MAX;
		return true;
	}
	return parse_number(text, &range->last) && range->last >= range->first;
}

bool packet_ranges_store(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;
	const char *text = value;

	for (;;) {
		struct packet_range range;

		if (!parse_range(&text, &range) || (*text && *text != ',')) {
			diag_error_plain(diagnostics, "--packet '%s': expected a packet's number, or a range such as 3-7", value);
			return false;
		}
		options->ranges = alloc_resize(options->ranges, options->n_ranges + 1, sizeof(*options->ranges));
		options->ranges[options->n_ranges++] = range;
		if (*text++ == '\0')
			return true;
	}
}
