/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What somebody says of one packet, as words: collected from events, so that two accounts of the same packet can be compared word for
 * word and shown side by side. Whose entries they are about stands beside lines that a comparison may want to leave out.
 */
#ifndef SINK_ACCOUNT_H
#define SINK_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "event/event.h"

enum fact {
	FACT_PATH, FACT_INTERFACES, FACT_CTSTATE, FACT_COMPLAINT, FACT_VERDICT, FACT_DECISION, FACT_RULES, FACT_ENTRY, FACT_STATUS, FACT_HELPER,
	FACT_EVENTS, FACT_EXPECTATIONS, FACT_REPLIES, FACT_MARK, FACT_SENT, FACT_COUNT,
};

/* Entries, by id. */
struct account_ids {
	uint64_t *ids;		/* owned */
	size_t n, capacity;
};

struct account_line {
	uint64_t entry;		/* that it is about; 0: none */
	char *text;		/* owned */
};

struct account_lines {
	struct account_line *lines;	/* owned */
	size_t n, capacity;
};

struct account {
	struct text facts[FACT_COUNT];		/* but for rules, events and expectations, which are lines: */
	struct account_lines rules;		/* that matched, in order: "filter INPUT 2" */
	struct account_lines events;
	struct account_lines expectations;	/* by their masters */
	struct text story;			/* how it came to that, one line each */
	uint64_t entry;				/* id of the packet's entry; 0: none */
	struct account_ids touched;		/* entries that the packet changed, began or ended, or that it may be about */
	struct account_ids masters;		/* those whose expectations it made or ended */
};

void account_init(struct account *account);
void account_clear(struct account *account);

/* Before each packet. */
void account_reset(struct account *account);

/* EVENT_BIT()s that account_add() understands. */
uint32_t account_kinds(void);
void account_add(struct account *account, const struct event *event);

void account_ids_add(struct account_ids *ids, uint64_t entry);	/* 0: none */

/* An entry that the packet may be about, whatever is said of the packet; one whose expectations it changed. 0: none. */
void account_touch(struct account *account, uint64_t entry);
void account_touch_master(struct account *account, uint64_t entry);

/* Lines that grow, of an account or of a listing. */
void account_lines_add(struct account_lines *lines, uint64_t entry, const char *text);
void account_lines_reset(struct account_lines *lines);
void account_lines_clear(struct account_lines *lines);
void account_lines_join(const struct account_lines *lines, const char *separator, struct text *out);

/*
 * A row of a listing (EVENT_ENTRY, EVENT_EXPECTATION_ENTRY) as whoever asks the kernel can know it, too: an entry's line in
 * /proc/net/nf_conntrack without what only that file tells, an expectation without the time that it has left.
 */
void account_add_row(struct account_lines *lines, const struct event *event);

/* "verdict", "decided by", ...: for people, and the "what" of JSON. */
const char *account_fact_name(enum fact fact);

#endif
