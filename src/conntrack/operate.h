/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an operator does to the table from outside, as conntrack(8) and a network interface that goes down do it: entries that
 * suit a filter end, or are changed. Linux 6.18, nf_conntrack_netlink.c, nf_nat_masquerade.c; conntrack-tools 1.4.7.
 */
#ifndef CONNTRACK_OPERATE_H
#define CONNTRACK_OPERATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conntrack/conntrack.h"
#include "conntrack/tracker/tcp_states.h"

/* What conntrack's options compare; in the order of its four addresses and ports. */
enum filter_end { FILTER_ORIGINAL_SOURCE, FILTER_ORIGINAL_DESTINATION, FILTER_REPLY_SOURCE, FILTER_REPLY_DESTINATION, FILTER_ENDS };

struct entry_filter {
	enum family family;			/* FAMILY_NONE: both */
	bool has_protocol;
	uint8_t protocol;
	bool has_address[FILTER_ENDS], has_port[FILTER_ENDS];
	struct masked_address address[FILTER_ENDS];
	uint16_t port[FILTER_ENDS];
	bool has_mark, has_zone[2];
	uint32_t mark, mark_mask;
	uint16_t zone[2];			/* [enum direction] */
	uint32_t status;			/* enum status_bit: all of them must be set */
	const char *state;			/* the protocol's; NULL: any */
	bool has_source_nat, has_destination_nat;	/* only translated ones */
	bool has_id;
	uint64_t id;
	const char *masqueraded_by;		/* the interface whose address MASQUERADE gave it; NULL: any */
};

bool entry_filter_holds(const struct entry_filter *filter, const struct connection *connection);

/* What -U changes, and -I sets. */
struct entry_change_set {
	bool has_mark, has_timeout, has_state;
	enum tcp_state state;			/* of TCP alone */
	uint32_t mark, mark_mask;		/* within the mask */
	uint32_t timeout_seconds;
	uint32_t status;			/* enum status_bit that are set */
	uint64_t add_labels[2], remove_labels[2];
};

/* How many entries suit the filter. */
size_t operate_count(const struct conntrack *conntrack, const struct entry_filter *filter);

/*
 * Ends, or changes, every entry that suits the filter, in order of creation. `program` stands in the events: what the
 * operator called; NULL: nobody did, the kernel itself.
 */
void operate_remove(struct conntrack *conntrack, const struct entry_filter *filter, const char *program,
		    struct vtime now);
void operate_change(struct conntrack *conntrack, const struct entry_filter *filter, const struct entry_change_set *change,
		    const char *program, struct vtime now);

/*
 * A new entry, as -I makes it: with the original tuple, its answer, and what is set. False: there is an entry of one of the
 * two already, or no room.
 */
bool operate_create(struct conntrack *conntrack, const struct tuple *original, const struct entry_change_set *set,
		    const char *program, struct vtime now);

/* A sysctl gets another value from now on. */
void operate_set(struct conntrack *conntrack, const struct sysctl *sysctl, uint32_t value);

#endif
