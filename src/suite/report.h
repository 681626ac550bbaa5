/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results as people and other programs read them. */
#ifndef SUITE_REPORT_H
#define SUITE_REPORT_H

#include <stdbool.h>

#include "base/text.h"
#include "suite/results.h"

struct report_format {
	const char *name;
	const char *summary;
	void (*begin)(const struct results *results, struct text *out);		/* may be NULL */
	void (*add)(const struct results *results, size_t index, struct text *out);	/* one case, in order; may be NULL */
	void (*end)(const struct results *results, struct text *out);
};

/* NULL when there is none of that name; all of them, ended by a NULL name. */
const struct report_format *report_find(const char *name);
const struct report_format *report_formats(void);

#endif
