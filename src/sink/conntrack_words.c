/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/conntrack_words.h"

#include <stddef.h>

const char *conntrack_words_refuse(uint32_t words)
{
	if (words & CONNTRACK_WORD_SAVE && words != CONNTRACK_WORD_SAVE)
		return "save cannot stand together with another variant";
	if (words & CONNTRACK_WORD_EXPECT && words & CONNTRACK_WORD_XML)
		return "expectations are not written as XML";
	return NULL;
}

void conntrack_words_keep_origin(struct entry_clock *clock, const struct event_run *run)
{
	clock->origin_seconds = run->origin_seconds;
	clock->origin_ns = run->origin_ns;
}
