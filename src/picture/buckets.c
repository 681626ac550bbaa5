/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/buckets.h"

#include <string.h>

#include "sink/packet_words.h"

bool buckets_is_same(const struct tale_level *a, const struct tale_level *b)
{
	return a->rule == b->rule && strcmp(a->bucket.key, b->bucket.key) == 0;
}

void buckets_find(const struct tale *tale, struct buckets *buckets)
{
	*buckets = (struct buckets){ .n = 0 };
	for (size_t i = 0; i < tale->n_levels; i++) {
		size_t k = 0;

		while (k < buckets->n && !buckets_is_same(buckets->first[k], &tale->levels[i]))
			k++;
		if (k == BUCKETS_MOST)
			buckets->n_left_out++;
		else if (k == buckets->n)
			buckets->first[buckets->n++] = &tale->levels[i];
	}
}

int64_t buckets_hundredths(uint64_t credits, const struct tale_level *level)
{
	return level->bucket.cost ? (int64_t)((double)credits * 100 / (double)level->bucket.cost) : 0;
}

uint64_t buckets_after(const struct tale_level *level)
{
	return level->bucket.level - (level->bucket.is_paid ? level->bucket.cost : 0);
}

uint64_t buckets_refilled(const struct tale_level *level, struct vtime time)
{
	double more = (double)(time.ns - level->time.ns) / VTIME_NS_PER_SECOND * (double)level->bucket.refill;
	double all = (double)buckets_after(level) + more;

	/* A drawing may end before the last look. */
	if (more <= 0)
		return buckets_after(level);
	return all < (double)level->bucket.cap ? (uint64_t)all : level->bucket.cap;
}

void buckets_print_name(const struct tale_level *level, struct text *out)
{
	packet_words_print_rule(level->rule, out);
	if (level->bucket.key[0])
		text_printf(out, ", %s", level->bucket.key);
}

const struct tale_packet *buckets_packet(const struct tale *tale, const struct tale_level *level)
{
	for (size_t i = 0; i < tale->n_packets; i++)
		if (tale->packets[i].number == level->packet && !tale->packets[i].is_answer)
			return &tale->packets[i];
	return NULL;
}
