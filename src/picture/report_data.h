/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the page of a report holds, as compact JSON: rows of numbers, with every name and rule once. Data are written as
 * they come, in chunks, so that a long capture needs no more memory than a short one; the page puts them together.
 *
 * A packet's row: number, time, verdict, ctstate, entry, deadline, state, status, change, direction, decided by, rules
 * that matched, words, words as it left (or 0), reason (or 0). An event of an entry: time, id, kind (0 new, 1 update,
 * 2 destroy), deadline, state, status, expired; of a new one its two flows too. Times are microseconds.
 */
#ifndef PICTURE_REPORT_DATA_H
#define PICTURE_REPORT_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "event/event.h"

enum { REPORT_CHUNK = 512, REPORT_NOTHING = -1 };

/* Rules and names by number, in the order in which they were first met. */
struct report_rule {
	const struct rule_place *place;
	uint64_t n_packets, n_bytes, n_tried;
	bool is_simulated, is_useless;
	char *finding;			/* owned; what is proved of it, or NULL */
};

struct report_rules {
	struct report_rule *rules;	/* owned */
	size_t n, capacity;
	uint32_t *slots;		/* owned; index + 1 of a rule, by its place's address */
	size_t n_slots;
};

struct report_data {
	struct report_rules rules;
	struct text chains;		/* JSON: with the numbers of their rules */
	size_t n_chains, n_chain_rules;
	const char **states;		/* owned; names of protocol states */
	size_t n_states;
	struct text rows, events;	/* of the chunk that is being filled */
	size_t n_rows, n_events;
	struct text *out;		/* borrowed: the page */
};

void report_data_init(struct report_data *data, struct text *out);
void report_data_clear(struct report_data *data);

void report_data_add_packet(struct report_data *data, const struct event *event);
void report_data_add_conntrack(struct report_data *data, const struct event *event);

/* EVENT_CHAIN and EVENT_COUNTER, at the end of a replay: a chain, then its rules. */
void report_data_add_chain(struct report_data *data, const struct event *event);
void report_data_add_counter(struct report_data *data, const struct event *event);

void report_data_add_finding(struct report_data *data, const struct event *event);

/* Writes what is left of rows and events. */
void report_data_flush(struct report_data *data);

/* Writes the rules, and the names that rows refer to. */
void report_data_write_rules(struct report_data *data);

/* A <script> element of data; what would end it is escaped. */
void report_data_write_element(struct text *out, const char *name, const char *json);

#endif
