/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection tracking entry (struct nf_conn) and what a packet carries of it
 * (skb->_nfct and its ctinfo).
 *
 * Life cycle of an entry:
 *   UNCONFIRMED  made by conntrack_track() for a first packet; private to that packet.
 *                Leads to CONFIRMED by conntrack_confirm(), or ends by conntrack_release().
 *   CONFIRMED    in the table; found by either tuple; ends when its deadline comes, or by
 *                conntrack_destroy(). Both emit DESTROY.
 *   DYING        out of the table, still held by the packet whose processing ended it
 *                (a RST on an unreplied flow); ends when that packet is released.
 *
 * Everybody outside conntrack/ reads; only conntrack_*() functions change an entry.
 */
#ifndef CONNTRACK_CONNECTION_H
#define CONNTRACK_CONNECTION_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock/timers.h"
#include "event/complaint.h"
#include "event/words.h"
#include "packet/tuple.h"

struct conntrack_settings;
struct help;
struct helper;
struct timeout_policy;

/* TCP's memory of one direction (struct ip_ct_tcp_state); sequence numbers wrap modulo 2^32. */
struct __attribute__((packed, aligned(2))) tcp_side {
	uint32_t end;		/* highest sequence number sent, exclusive */
	uint32_t maxend;	/* right edge that the peer allows */
	uint32_t maxwin;	/* largest window offered, scaled; 0: nothing seen of this side */
	uint32_t maxack;	/* highest acknowledgment sent */
	uint8_t scale;		/* window scale shift, 0..14 */
	uint8_t flags;		/* enum tcp_flag in tracker/tcp_window.h */
};

/* struct ip_ct_tcp */
struct tcp_memory {
	struct tcp_side side[2];
	uint16_t last_win;	/* raw */
	uint8_t state;		/* enum tcp_state */
	uint8_t last_index;	/* enum tcp_class */
	uint8_t last_dir;
	uint8_t last_flags;
	uint8_t last_wscale;
	uint8_t retrans;
	uint32_t last_seq, last_ack, last_end;
};

/* struct ip_ct_sctp */
struct sctp_memory {
	uint32_t tag[2];		/* verification tag that packets of each direction carry; 0: not known */
	uint8_t state;			/* enum sctp_state */
	uint8_t last_direction;		/* of the heartbeat with another tag */
	bool has_failed_heartbeat;
	bool has_asked[2];		/* this side sent an INIT that was not concluded yet */
};

/* struct nf_ct_dccp */
struct dccp_memory {
	uint64_t handshake_sequence;	/* of the response; its acknowledgment makes the entry ASSURED */
	uint8_t client;			/* enum direction in which the client sends */
	uint8_t state;			/* enum dccp_state */
	uint8_t last_type;		/* enum dccp_type, of the last packet that was not INVALID */
	uint8_t last_direction;
};

/* What a helper has added to one direction's sequence numbers (struct nf_ct_seqadj). */
struct seqadj_side {
	uint32_t position;	/* sequence number of the segment that was changed last */
	int32_t before, after;	/* bytes that were added in front of it, and with it */
};

/*
 * What an entry needs where NAT is: its reply tuple, when that is not the inverse of the original one, and its neighbours among
 * the entries that may share their source (private to sources).
 */
struct connection_annex {
	struct tuple reply;
	uint32_t source_older, source_newer;
};

/* Per-entry data that only exists when a sysctl, a rule or a helper asked for it. */
struct connection_extra {
	struct connection_annex annex;		/* first: an entry has one of both */
	struct help *help;			/* owned; NULL: no helper */
	struct seqadj_side seqadj[2];		/* [enum direction]: who sends */
	uint64_t master_id;			/* of the entry whose helper expected this one; 0: nobody did */
	const struct helper *expected_by;	/* that helper */
	const struct conntrack_settings *settings;	/* its timeout policy's; NULL: those of all */
	uint16_t event_mask, expectation_event_mask;	/* enum conntrack_event_bit: what is told, where... */
	bool has_event_mask;			/* ...a rule has chosen; else what the sysctl says */
	uint64_t labels[2];			/* a bit each, the lowest first */
	const char *masqueraded_by;		/* the interface whose address MASQUERADE gave it, where somebody will ask; or NULL */
};

/* The original tuple, of IPv6 with the first words of the addresses alone. */
struct connection_key {
	uint32_t source, destination;
	uint16_t source_port, destination_port;
	uint16_t zone;
	uint8_t protocol, family;
};

/* The last three words of an IPv6 entry's addresses. */
struct connection_tail {
	uint32_t source[3], destination[3];
};

/* What is measured of an entry where a sysctl asks for it when the entry is made. */
struct connection_measures {
	uint64_t n_packets[2], n_bytes[2];	/* [enum direction]; nf_conntrack_acct */
	struct vtime start;			/* nf_conntrack_timestamp */
};

/* Below an entry's number in the order of timers: for the expectations that are made until the next entry. */
enum { CONNECTION_ORDER_BITS = 20 };

/* Trackers with at most so many bytes of memory have entries that are smaller. */
enum { CONNECTION_SMALL_MEMORY = 8 };

/*
 * There can be millions: each byte counts. What every packet touches stands together, in 64 bytes and the tracker's memory; what
 * a length of memory or the family does not need is not allocated: see connection_size().
 */
struct connection {
	uint32_t older, newer;		/* private: all confirmed entries in order of confirmation, by number; 0: none */
	struct timer timer;		/* private; deadline last: timer.deadline. Its number is the entry's own in conntrack's store */
	struct connection_annex *annex;	/* owned; NULL when not needed; where is_extended, the first part of its extra */
	uint32_t way[2];		/* [enum direction], private to host/ways: the way that its packets take through the host */
	struct connection_key key;	/* private: connection_tuple() */
	uint32_t mark;			/* connmark */
	uint32_t timeout_seconds;	/* what the last refresh set */
	uint16_t status;		/* enum status_bit */
	uint16_t pending_events;	/* enum conntrack_event_bit, sent when the packet is confirmed */
	uint8_t n_holders;		/* private: packets that carry it; it is not freed before they are released */
	uint8_t tracker;		/* private: connection_tracker() */
	bool is_extended : 1;		/* private: connection_extra() */
	bool has_reply : 1;		/* private: the reply tuple is in the annex */
	bool is_small : 1;		/* private: the tracker's memory is */
	bool is_stream : 1;		/* private to udp: it is old enough for one */
	bool has_counters : 1;		/* of its measures, the counters... */
	bool has_start : 1;		/* ...and the time when it began; they are there where one of both is */
	union {
		struct tcp_memory tcp;
		struct sctp_memory sctp;
		struct dccp_memory dccp;
		struct { uint32_t timeout, stream_timeout; } gre;	/* seconds, as they were when the entry was made */
		struct { struct vtime stream_from; } udp;	/* after this time it may be a stream */
	} memory;
	struct connection_tail tail;	/* IPv6 alone; right behind small memory, where that is small; measures are behind both */
};

/* What -j CT has asked for a new entry (the template that it attaches to the packet). The first rule that asks wins. */
struct template {
	bool is_set;
	const struct helper *helper;	/* or NULL */
	const struct timeout_policy *policy;	/* or NULL */
	uint16_t zone;
	bool zone_is_mark;		/* the packet's mark is the zone */
	bool zones[2];			/* [enum direction]: the directions that are in it */
	uint16_t events, expectation_events;	/* enum conntrack_event_bit; both 0: not chosen */
};

/* What one packet carries through the hooks. All zero: not looked at yet. */
struct tracking {
	struct connection *connection;	/* borrowed from the table for the packet's journey; NULL when it has none */
	enum ctstate ctstate;
	enum direction direction;
	bool is_icmp_error;		/* RELATED by an ICMP error: nat leaves it alone */
	struct template template;	/* a raw rule sets it before conntrack_track() */
	uint16_t zone[2];		/* [enum direction]: where the entry is looked for, and made */
	const char *drop_reason;	/* static: why conntrack_track() said DROP; else NULL */
	struct complaint invalid;	/* log_invalid's words, our own where it has none; no words when not INVALID */

	/* For whoever tells the story: the entry as this packet found it. conntrack_track() fills them. */
	bool is_refreshed;		/* the packet set the entry's timeout anew */
	uint32_t status_before;		/* 0 for an entry that this packet made */
	const char *state_before;	/* protocol state's name; NULL when there was none */
	bool is_payload_changed;	/* by its helper; conntrack_help() says so */
	bool has_joined;		/* conntrack_confirm() gave it the entry that was in the way of the one that it had made */
};

/* Bytes of an entry, without its measures. */
static inline size_t connection_size(bool is_small, enum family family)
{
	return (is_small ? offsetof(struct connection, memory) + CONNECTION_SMALL_MEMORY : offsetof(struct connection, tail)) +
	       (family == FAMILY_IPV6 ? sizeof(struct connection_tail) : 0);
}

static inline const struct connection_tail *connection_tail(const struct connection *connection)
{
	return (const struct connection_tail *)(const void *)((const char *)connection + connection_size(connection->is_small, FAMILY_IPV4));
}

/* NULL: there are none. */
static inline struct connection_measures *connection_measures(const struct connection *connection)
{
	size_t size = connection_size(connection->is_small, (enum family)connection->key.family);

	return connection->has_counters || connection->has_start ?
	       (struct connection_measures *)(void *)((char *)(uintptr_t)connection + size) : NULL;
}

/* A tuple as entries keep their original one. */
static inline struct connection_key connection_key_of(const struct tuple *tuple)
{
	return (struct connection_key){
		.source = tuple->source.word[0], .destination = tuple->destination.word[0],
		.source_port = tuple->source_port, .destination_port = tuple->destination_port,
		.zone = tuple->zone, .protocol = tuple->protocol, .family = tuple->family,
	};
}

/* 1, 2, 3 ... in order of confirmation; before it, the number it would get now. It is what orders timers, too. */
static inline uint64_t connection_id(const struct connection *connection)
{
	return connection->timer.order >> CONNECTION_ORDER_BITS;
}

/* The tuple of one direction. */
struct tuple connection_tuple(const struct connection *connection, enum direction direction);
void connection_read_tuple(const struct connection *connection, enum direction direction, struct tuple *tuple);

/* The number of its zone, whichever directions are in it; 0: no zone. Linux 6.18, nf_ct_zone(). */
uint16_t connection_zone(const struct connection *connection);

/*
 * Gives a new entry its original tuple; its reply tuple is the inverse from now on. Then another reply tuple, where it has an
 * annex for it.
 */
void connection_set_original(struct connection *connection, const struct tuple *original);
void connection_set_reply(struct connection *connection, const struct tuple *reply);

/* NULL: it has none. */
static inline struct connection_extra *connection_extra(const struct connection *connection)
{
	return connection->is_extended ? (struct connection_extra *)(void *)connection->annex : NULL;
}

/* The entry's protocol state name, NULL for protocols without one. */
const char *connection_state_name(const struct connection *connection);

/* True while the entry is private to its first packet. */
static inline bool connection_is_unconfirmed(const struct connection *connection)
{
	return !(connection->status & (STATUS_CONFIRMED | STATUS_DYING));
}

#endif
