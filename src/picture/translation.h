/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An entry with a packet of each direction, and which ends are the same: what the picture of NAT shows. */
#ifndef PICTURE_TRANSLATION_H
#define PICTURE_TRANSLATION_H

#include "picture/tale.h"

enum { TRANSLATION_COLORS = 4 };

struct translation {
	const struct tale_entry *entry;
	const struct tale_packet *there, *back;		/* the first that got through; NULL: none did */
};

/* The tale's flow; without one the first entry that translates, else the first. False: there is none. */
bool translation_find(const struct tale *tale, struct translation *translation);

/* Which of the entry's ends this is: 0 the sender, 1 who it spoke to, 2 who answers instead, 3 who is answered instead. */
unsigned translation_color(const struct translation *translation, const struct tuple *tuple, bool is_source);

/* "source is changed", "destination is changed", "both are changed", "nothing is changed" */
const char *translation_words(const struct tale_packet *packet);

#endif
