/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buckets in letters: a line for each packet, with the level as a bar. */
#include <inttypes.h>

#include "picture/buckets.h"
#include "picture/diagrams.h"
#include "picture/picture_words.h"

enum { BAR_W = 40, MOST_ROWS = 60 };

static void print_level(const struct tale *tale, const struct tale_level *level, struct text *out)
{
	const struct tale_packet *packet = buckets_packet(tale, level);
	int64_t cap = buckets_hundredths(level->bucket.cap, level), now = buckets_hundredths(level->bucket.level, level);
	int64_t full = cap ? now * BAR_W / cap : 0;
	struct text time;

	text_init(&time);
	picture_words_print_time(level->time, &time);
	text_printf(out, "%7" PRIu64 " %12s  |", level->packet, text_string(&time));
	for (int64_t i = 0; i < BAR_W; i++)
		text_append_char(out, i < full ? '#' : ' ');
	text_printf(out, "| %3" PRId64 ".%02" PRId64 "  %s  %s\n", now / 100, now % 100, level->bucket.is_paid ? "enough " : "too few",
		    packet && packet->verdict != VERDICT_NONE ? verdict_name(packet->verdict) : "");
	text_clear(&time);
}

static void print_bucket(const struct tale *tale, const struct tale_level *first, struct text *out)
{
	size_t n = 0;

	buckets_print_name(first, out);
	text_printf(out, ": %s\n packet         time   level, full at %" PRId64 " packets\n", first->rule->text,
		    buckets_hundredths(first->bucket.cap, first) / 100);
	for (size_t i = 0; i < tale->n_levels; i++)
		if (buckets_is_same(&tale->levels[i], first) && n++ < MOST_ROWS)
			print_level(tale, &tale->levels[i], out);
	if (n > MOST_ROWS)
		text_printf(out, "  ... and %zu packets more\n", n - MOST_ROWS);
}

void sketch_bucket(const struct tale *tale, unsigned columns, struct text *out)
{
	struct buckets buckets;

	(void)columns;
	buckets_find(tale, &buckets);
	for (size_t i = 0; i < buckets.n; i++) {
		text_append(out, i ? "\n" : "");
		print_bucket(tale, buckets.first[i], out);
	}
	if (!buckets.n)
		text_append(out, "No packet met a rule with -m limit or -m hashlimit.\n");
	if (buckets.n_left_out)
		text_append(out, "Other buckets are not shown.\n");
}
