/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Today's behaviour as expectations: packets that fared alike, grouped, and every counter. */
#ifndef SUITE_RECORD_H
#define SUITE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "event/event.h"

struct record_group;
struct record_counter;

struct record {
	struct record_group *groups;	/* owned; in order of their first packet */
	size_t n_groups, capacity;
	struct record_counter *counters;	/* owned; as they were told */
	size_t n_counters, counters_capacity;
};

void record_init(struct record *record);
void record_clear(struct record *record);

enum { RECORD_KINDS = EVENT_BIT(EVENT_PACKET) | EVENT_BIT(EVENT_COUNTER) | EVENT_BIT(EVENT_CHAIN) };
void record_hear(void *record, const struct event *event);

/* The file: a JSON array, an expectation a line. */
void record_print(const struct record *record, struct text *out);

#endif
