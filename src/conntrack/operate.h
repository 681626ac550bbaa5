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

/* -n, -g: translated at all, to an address, or to an address and a port. */
enum filter_translation { FILTER_SOURCE_NAT, FILTER_DESTINATION_NAT, FILTER_TRANSLATIONS };

struct translation_filter {
	bool is_wanted, has_address, has_port;
	struct address address;
	uint16_t port;
};

struct entry_filter {
	enum family family;			/* FAMILY_NONE: both */
	bool has_protocol;
	uint8_t protocol;
	bool has_address[FILTER_ENDS], has_port[FILTER_ENDS];
	struct masked_address address[FILTER_ENDS];
	uint16_t port[FILTER_ENDS];
	bool passes_missing_ports;		/* where an entry has none, any will do */
	bool has_mark, has_zone[2];
	uint32_t mark, mark_mask;
	uint16_t zone[2];			/* [enum direction] */
	uint32_t status;			/* enum status_bit: all of them must be set */
	uint64_t labels[2];			/* likewise */
	const char *state;			/* the protocol's; NULL: any */
	bool has_icmp_type, has_icmp_code;	/* an ICMP identifier is the port of the original source */
	uint8_t icmp_type, icmp_code;
	struct translation_filter translation[FILTER_TRANSLATIONS];
	bool has_id;
	uint64_t id;
	const char *masqueraded_by;		/* the interface whose address MASQUERADE gave it; NULL: any */
};

bool entry_filter_holds(const struct entry_filter *filter, const struct connection *connection);

/* What -U changes, and -I sets. */
struct entry_change_set {
	bool has_mark, has_timeout, has_state;
	uint8_t state;				/* enum tcp_state; where an entry is made enum sctp_state, enum dccp_state, too */
	uint32_t tag[2];			/* SCTP's, where an entry is made */
	uint8_t dccp_client;			/* likewise DCCP's: enum direction in which the client sends */
	uint32_t mark, mark_mask;		/* the mask is cleared, and the mark XORed in */
	uint32_t timeout_seconds;
	uint32_t status;			/* enum status_bit that are set */
	uint64_t add_labels[2], remove_labels[2];
};

/* How many entries suit the filter; operate_count_changed(): those of them that the change would make another. */
size_t operate_count(const struct conntrack *conntrack, const struct entry_filter *filter);
size_t operate_count_changed(const struct conntrack *conntrack, const struct entry_filter *filter,
			     const struct entry_change_set *change, struct vtime now);

/*
 * Ends, or changes, every entry that suits the filter, in order of creation; one that is as it should be already is left
 * alone. `program` stands in the events: what the operator called; NULL: nobody did, the kernel itself.
 */
void operate_remove(struct conntrack *conntrack, const struct entry_filter *filter, const char *program,
		    struct vtime now);
void operate_change(struct conntrack *conntrack, const struct entry_filter *filter, const struct entry_change_set *change,
		    const char *program, struct vtime now);

/* The tuple as this kernel knows it: DCCP has no ports where nobody tracks it. */
struct tuple operate_known_tuple(const struct conntrack *conntrack, struct tuple tuple);

/*
 * A new entry, as -I makes it. operate_begin(): unconfirmed, with its two tuples; NULL: an entry has the original one, or there is
 * no room. In between nat may map it. operate_finish(): what is set is set and the entry published, or thrown away where
 * another has its reply tuple (false).
 */
struct connection *operate_begin(struct conntrack *conntrack, const struct tuple *original, const struct tuple *reply,
				 struct vtime now);
bool operate_finish(struct conntrack *conntrack, struct connection *connection, const struct entry_change_set *set,
		    const char *program, struct vtime now);

/* A sysctl gets another value from now on. */
void operate_set(struct conntrack *conntrack, const struct sysctl *sysctl, uint32_t value);

#endif
