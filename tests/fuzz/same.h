/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For targets that do a thing twice: what both told must be the same bytes. Of a replay that is all that json says, and, as a capture, all
 * that left, answers included: an address may be told right where a byte is not.
 */
#ifndef TESTS_FUZZ_SAME_H
#define TESTS_FUZZ_SAME_H

#include "base/text.h"
#include "fuzz.h"
#include "sink/sink.h"

enum { TOLD_JSON, TOLD_SENT, TOLD_COUNT };

/* What one replay told. */
struct told {
	struct sink sinks[TOLD_COUNT];
	struct output outputs[TOLD_COUNT];
};

static inline void told_open(struct told *told, struct stream *stream)
{
	static const char *const formats[TOLD_COUNT] = { "json", "sent" };
	struct sink_options options = { .words = UINT32_MAX };

	for (size_t i = 0; i < TOLD_COUNT; i++) {
		output_init(&told->outputs[i]);
		sink_open(&told->sinks[i], sink_find(formats[i]), &options, &told->outputs[i]);
		MUST(stream_add(stream, told->sinks[i].kinds, sink_listen, &told->sinks[i]));
	}
}

static inline void told_close(struct told *told)
{
	for (size_t i = 0; i < TOLD_COUNT; i++)
		sink_close(&told->sinks[i]);
}

static inline void told_clear(struct told *told)
{
	for (size_t i = 0; i < TOLD_COUNT; i++)
		output_clear(&told->outputs[i]);
}

/* False: the first lines that differ are told. */
static inline bool same_texts(const struct text *first, const struct text *second)
{
	const char *a = text_string(first), *b = text_string(second);
	size_t line = 0, i = 0;

	if (first->len == second->len && memcmp(a, b, first->len) == 0)
		return true;
	for (; i < first->len && i < second->len && a[i] == b[i]; i++)
		if (a[i] == '\n')
			line = i + 1;
	fprintf(stderr, "at byte %zu\nfirst: %.*s\nsecond: %.*s\n", i, (int)strcspn(a + line, "\n"), a + line,
		(int)strcspn(b + line, "\n"), b + line);
	return false;
}

#define MUST_BE_SAME(first, second) MUST(same_texts(first, second))

static inline void told_compare(const struct told *first, const struct told *second)
{
	for (size_t i = 0; i < TOLD_COUNT; i++)
		MUST_BE_SAME(&first->outputs[i].buffer, &second->outputs[i].buffer);
}

#endif
