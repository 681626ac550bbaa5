/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The variants that conntrack's -o takes, for its listings and its events alike. conntrack-tools 1.4.7. */
#ifndef SINK_CONNTRACK_WORDS_H
#define SINK_CONNTRACK_WORDS_H

#include "sink/entry_print.h"

/* Beside those of enum entry_print_flag, which is what the printing functions see of them. */
enum conntrack_word {
	CONNTRACK_WORD_SAVE = 1 << 8,
	CONNTRACK_WORD_XML = 1 << 9,
	CONNTRACK_WORD_TIMESTAMP = 1 << 10,
	CONNTRACK_WORD_EXPECT = 1 << 11,	/* expectations instead of entries */
};

#define CONNTRACK_COMMON_WORDS \
	{ "extended", ENTRY_PRINT_EXTENDED, 0, "the network protocol's columns in front, as -o extended prints them" }, \
	{ "id", ENTRY_PRINT_ID, 0, "the entry's number at the end, as -o id prints it" }, \
	{ "ktimestamp", ENTRY_PRINT_KTIMESTAMP, 0, \
	  "when the entry began, where nf_conntrack_timestamp is on, as -o ktimestamp prints it; in UTC" }, \
	{ "labels", ENTRY_PRINT_LABELS, 0, "the entry's labels by number, as -o labels prints them by name" }, \
	{ "save", CONNTRACK_WORD_SAVE, 0, "in the words of the command line, as -o save prints it; alone" }, \
	{ "xml", CONNTRACK_WORD_XML, 0, "as -o xml prints it" }

/* What of the words cannot stand together, in words; NULL: nothing. A sink's refuse(). */
const char *conntrack_words_refuse(uint32_t words);

/* Keeps what EVENT_RUN says of the absolute time. */
void conntrack_words_keep_origin(struct entry_clock *clock, const struct event_run *run);

#endif
