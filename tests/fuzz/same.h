/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For targets that do a thing twice: what both said must be the same bytes. */
#ifndef TESTS_FUZZ_SAME_H
#define TESTS_FUZZ_SAME_H

#include "base/text.h"
#include "fuzz.h"

/* False: the first lines that differ are told. */
static inline bool same_texts(const struct text *first, const struct text *second)
{
	const char *a = text_string(first), *b = text_string(second);
	size_t line = 0, i = 0;

	if (first->len == second->len && memcmp(a, b, first->len) == 0)
		return true;
	for (; a[i] && a[i] == b[i]; i++)
		if (a[i] == '\n')
			line = i + 1;
	fprintf(stderr, "first: %.*s\nsecond: %.*s\n", (int)strcspn(a + line, "\n"), a + line,
		(int)strcspn(b + line, "\n"), b + line);
	return false;
}

#define MUST_BE_SAME(first, second) MUST(same_texts(first, second))

#endif
