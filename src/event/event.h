/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine says: kinds and fields of events.
 *
 * An event is a tagged record of plain values. Strings in it are static or belong to
 * the ruleset, which is constant and outlives the run; arrays and the packet are
 * borrowed for the call. A sink that keeps something copies it.
 *
 * Order within one packet: what ended before it (DESTROY events with their own time),
 * then HOOK, RULE, TRANSITION, LOG, CONNTRACK, REPLY as they happen, then PACKET, the
 * summary of it all; then snapshots that are due after it.
 */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock/vtime.h"
#include "event/words.h"
#include "packet/hook.h"
#include "packet/packet.h"
#include "packet/tuple.h"

enum event_kind {
	EVENT_RUN,		/* once, first: the capture's origin of time, and what was assumed */
	EVENT_HOOK,		/* the packet enters a hook */
	EVENT_RULE,		/* a rule matched (its counters rose) */
	EVENT_TRANSITION,	/* a connection's protocol state changed, or a packet was judged invalid or ignored */
	EVENT_CONNTRACK,	/* what `conntrack -E` prints as a line */
	EVENT_LOG,		/* a target whose side effect is recorded ran: LOG, NFLOG, ... */
	EVENT_REPLY,		/* the host made a packet of its own: REJECT, time exceeded */
	EVENT_PACKET,		/* the packet's journey is over: everything about it */
	EVENT_SNAPSHOT,		/* a listing of the table begins */
	EVENT_ENTRY,		/* one row of it */
	EVENT_CHAIN,		/* at the end: a chain's policy and counters */
	EVENT_COUNTER,		/* at the end: a rule and its counters */
	EVENT_WARNING,
	EVENT_SUMMARY,		/* once, last */
	EVENT_KIND_COUNT,
};

#define EVENT_BIT(kind) (1u << (kind))

/* Where a rule stands. Built once by the ruleset; constant. */
struct rule_place {
	uint8_t family;			/* enum family */
	const char *table;		/* "filter" */
	const char *chain;		/* "INPUT" */
	uint32_t number;		/* 1-based in its chain; 0: the chain's policy */
	const char *file;		/* as the user named it; "" when built in */
	uint32_t line;			/* 1-based; 0 when built in */
	const char *text;		/* canonical: "-A INPUT -m state --state ESTABLISHED -j ACCEPT", or "policy DROP" */
	const char *target;		/* "ACCEPT", "DROP", a chain's name, or "" */
};

/* A connection tracking entry at one moment. */
struct entry_view {
	uint64_t id;			/* 1, 2, 3 ... in order of creation */
	struct tuple tuple[2];		/* [enum direction] */
	struct vtime deadline;
	uint32_t hz;			/* the kernel's ticks a second, in which it counts the time left */
	uint32_t timeout_seconds;	/* what the last refresh set, as events print it */
	const char *state;		/* "ESTABLISHED", ... for protocols that have one, else NULL */
	uint32_t status;		/* enum status_bit */
	uint32_t mark;
	bool has_counters;		/* nf_conntrack_acct was on when it was created */
	uint64_t n_packets[2], n_bytes[2];
	bool has_start;			/* nf_conntrack_timestamp was on */
	struct vtime start;
	const char *helper;		/* or NULL */
};

struct event_run {
	int64_t origin_seconds;		/* absolute time of the first packet, Unix */
	uint32_t origin_ns;
	const char *capture;		/* file name */
	const char *host;		/* "host 192.168.1.2 (found from the capture: ...)"; borrowed for the call */
	const char *const *tables;	/* "ipv4 filter", ... that are loaded */
	size_t n_tables;
};

struct event_hook {
	enum hook hook;
};

struct event_rule {
	const struct rule_place *rule;
	enum hook hook;
};

struct event_transition {
	struct entry_view entry;	/* after; id 0 when the packet has none */
	const char *from, *to;		/* state names; equal when the state stayed; NULL when there is none */
	enum direction direction;
	const char *cell;		/* the table cell: "reply syn/ack in SYN_SENT"; borrowed for the call, may be NULL */
	const char *reason;		/* a sentence, static, may be NULL */
};

struct event_conntrack {
	uint32_t bits;			/* enum conntrack_event_bit */
	struct entry_view entry;
	bool expired;			/* a DESTROY because its time was over */
};

struct event_log {
	const struct rule_place *rule;
	enum hook hook;
	const struct packet *packet;	/* as it was there; borrowed */
	const char *in, *out;		/* interface names, "" when none */
	const char *prefix;
	uint32_t level, flags, mark;
};

struct event_reply {
	const struct packet *packet;	/* the generated one; borrowed */
	const char *reason;		/* "icmp-port-unreachable", "tcp-reset", "ttl exceeded" */
	enum verdict verdict;		/* what OUTPUT and POSTROUTING said to it */
	const struct rule_place *decided_by;
};

enum entry_change { ENTRY_NONE, ENTRY_NEW, ENTRY_CHANGED, ENTRY_REFRESHED, ENTRY_UNCHANGED, ENTRY_DESTROYED };

struct event_packet {
	const struct packet *packet;	/* as it was captured; borrowed */
	enum hook hooks[HOOK_COUNT * 2];	/* the path, in order */
	size_t n_hooks;
	const char *in, *out;		/* interface names, "" when none */
	enum ctstate ctstate;
	enum direction direction;	/* meaningful when the packet has an entry */
	enum verdict verdict;
	const struct rule_place *decided_by;	/* number 0: the policy. NULL: nothing but defaults, or `reason` */
	const char *reason;		/* dropped outside the rules, or by a match (hotdrop): in words; static; or NULL */
	const char *invalid_reason;	/* why ctstate is INVALID, in nf_conntrack_log_invalid's words; static; or NULL */
	const struct rule_place *const *matched;	/* rules whose counters rose, in order; borrowed */
	size_t n_matched;
	const struct rule_place *unsimulated;	/* a rule that could have changed the verdict and was not simulated; or NULL */
	bool has_entry;
	enum entry_change change;
	const char *state_before;	/* protocol state before, when it changed; else NULL */
	struct entry_view entry;	/* after the packet */
	uint32_t mark;			/* packet mark at the end */
	bool was_rewritten;
	struct tuple sent;		/* addresses and ports as it left; meaningful when was_rewritten */
};

struct event_snapshot {
	const char *label;		/* "after packet 12", "at 31 s", "end"; borrowed for the call */
	uint64_t n_entries;
};

struct event_entry {
	struct entry_view entry;
};

struct event_chain {
	uint8_t family;
	const char *table, *chain;
	const char *policy;		/* "ACCEPT", "DROP", or NULL for a user chain */
	uint32_t n_references;		/* user chains */
	uint64_t n_packets, n_bytes;	/* the policy's */
};

struct event_counter {
	const struct rule_place *rule;
	const char *listing;		/* the columns of `iptables -L -v -n` behind the counters; borrowed for the call */
	bool is_simulated;
	uint64_t n_packets, n_bytes;
};

struct event_warning {
	const char *text;		/* borrowed for the call */
};

struct event_summary {
	uint64_t n_packets, n_not_ip, n_cut, n_backwards;
	uint64_t n_verdicts[VERDICT_COUNT];
	uint64_t n_ctstates[CTSTATE_COUNT];
	uint64_t n_created, n_expired, n_destroyed, n_live;	/* entries; destroyed: by anything but time */
	uint64_t n_unsimulated;		/* packets whose verdict depends on a rule that was not simulated */
	struct vtime duration;
};

struct event {
	enum event_kind kind;
	uint64_t packet;	/* number of the packet during whose journey it happened; 0: outside */
	struct vtime time;
	union {
		struct event_run run;
		struct event_hook hook;
		struct event_rule rule;
		struct event_transition transition;
		struct event_conntrack conntrack;
		struct event_log log;
		struct event_reply reply;
		struct event_packet journey;
		struct event_snapshot snapshot;
		struct event_entry entry;
		struct event_chain chain;
		struct event_counter counter;
		struct event_warning warning;
		struct event_summary summary;
	};
};

/* "packet", "transition", ...: the value of "kind" in JSON. */
const char *event_kind_name(enum event_kind kind);

#endif
