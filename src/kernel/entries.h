/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connection tracking entries and expectations as ctnetlink shows them, and its events.
 * Linux 6.18: net/netfilter/nf_conntrack_netlink.c.
 */
#ifndef KERNEL_ENTRIES_H
#define KERNEL_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"
#include "kernel/netlink.h"
#include "packet/tuple.h"

enum { ENTRIES_HELPER_LEN = 20, ENTRIES_MOST_EVENTS = 64 };

struct kernel_entry {
	uint32_t kernel_id;		/* CTA_ID */
	struct tuple tuple[2];
	uint32_t status, mark;
	uint32_t seconds_left;
	const char *state;		/* static; NULL for a protocol without states */
	uint64_t n_packets[2], n_bytes[2];
	bool has_counters, has_timeout, has_master;
	struct tuple master;		/* of an expected connection: the tuple that announced it */
	char helper[ENTRIES_HELPER_LEN];
	bool has_protocol, has_mark, has_helper, has_seqadj, has_label;	/* what the message told: which event it was */
};

struct kernel_expectation {
	struct tuple tuple, mask, master;
	uint32_t seconds_left, flags, class;
	char helper[ENTRIES_HELPER_LEN];
};

enum kernel_event_kind { KERNEL_EVENT_NEW, KERNEL_EVENT_UPDATE, KERNEL_EVENT_DESTROY, KERNEL_EVENT_EXPECT, KERNEL_EVENT_EXPECT_END };

struct kernel_event {
	enum kernel_event_kind kind;
	bool is_own;			/* an echo of our own request */
	struct kernel_entry entry;
	struct kernel_expectation expectation;
};

struct entries {
	struct netlink *requests, *notices;	/* owned */
	struct kernel_event *events;		/* owned; of the last entries_read_events() */
	size_t n_events, capacity;
	bool has_zones;				/* set by the owner: rules choose zones, so that a tuple alone does not name an entry */
};

bool entries_open(struct entries *entries, struct text *error);
void entries_close(struct entries *entries);

/* Forgets the events and reads what came since. False when the kernel had to drop some. */
bool entries_read_events(struct entries *entries);

/* The entry that has this tuple in either direction. False when there is none. */
bool entries_find(struct entries *entries, const struct tuple *tuple, struct kernel_entry *found);

/* The same entry as it is now. False when it is gone. */
bool entries_find_again(struct entries *entries, const struct kernel_entry *entry, struct kernel_entry *found);

/* Sets nothing but the remaining time; false when the entry is gone. */
bool entries_set_timeout(struct entries *entries, const struct kernel_entry *entry, uint32_t seconds);

bool entries_remove(struct entries *entries, const struct kernel_entry *entry);
bool entries_remove_expectation(struct entries *entries, const struct kernel_expectation *expectation, uint16_t zone);

/* Of an entry that has a zone in one direction alone, that one. */
uint16_t entries_zone(const struct kernel_entry *entry);

typedef void entries_visitor(void *owner, const struct kernel_entry *entry);

/* Shows every entry of the table. False after an error. */
bool entries_visit(struct entries *entries, entries_visitor *visitor, void *owner);

typedef void expectations_visitor(void *owner, const struct kernel_expectation *expectation);

/* Shows every expectation. False after an error. */
bool entries_visit_expectations(struct entries *entries, expectations_visitor *visitor, void *owner);

#endif
