/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/ranges.h"

#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"

void ranges_clear(struct ranges *ranges)
{
	free(ranges->ranges);
	*ranges = (struct ranges){ .n = 0 };
}

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
static bool parse_range(const char **text, struct range *range)
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

bool ranges_parse(struct ranges *ranges, const char *text)
{
	for (;;) {
		struct range range;

		if (!parse_range(&text, &range) || (*text && *text != ','))
			return false;
		ranges->ranges = alloc_resize(ranges->ranges, ranges->n + 1, sizeof(*ranges->ranges));
		ranges->ranges[ranges->n++] = range;
		if (*text++ == '\0')
			return true;
	}
}

bool ranges_have(const struct ranges *ranges, uint64_t number)
{
	for (size_t i = 0; i < ranges->n; i++)
		if (number >= ranges->ranges[i].first && number <= ranges->ranges[i].last)
			return true;
	return false;
}

uint64_t ranges_last(const struct ranges *ranges)
{
	uint64_t last = 0;

	for (size_t i = 0; i < ranges->n; i++)
		if (ranges->ranges[i].last > last)
			last = ranges->ranges[i].last;
	return last;
}
