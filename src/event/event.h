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
#include "event/complaint.h"
#include "event/words.h"
#include "packet/hook.h"
#include "packet/packet.h"
#include "packet/split.h"
#include "packet/tuple.h"

enum event_kind {
	EVENT_RUN,		/* once, first: the capture's origin of time, and what was assumed */
	EVENT_HOOK,		/* the packet enters a hook */
	EVENT_RULE,		/* a rule matched (its counters rose) */
	EVENT_TRANSITION,	/* a connection's protocol state changed, or a packet was judged invalid or ignored */
	EVENT_CONNTRACK,	/* what `conntrack -E` prints as a line */
	EVENT_EXPECTATION,	/* what `conntrack -E expect` prints as a line */
	EVENT_LOG,		/* a target whose side effect is recorded ran: LOG, NFLOG, ... */
	EVENT_BINDING,		/* NAT decided what a side of a new connection becomes */
	EVENT_TRACE,		/* a packet that -j TRACE has marked came to a rule that matches, or left it */
	EVENT_FRAGMENTS,	/* fragments that waited are lost */
	EVENT_ACTION,		/* an operator did something between two packets */
	EVENT_REPLY,		/* the host made a packet of its own: REJECT, time exceeded */
	EVENT_PACKET,		/* the packet's journey is over: everything about it */
	EVENT_OUTCOME,		/* likewise, in short: for who hears of every packet and looks closer at few */
	EVENT_SNAPSHOT,		/* a listing of the table begins */
	EVENT_ENTRY,		/* one row of it */
	EVENT_EXPECTATION_ENTRY,	/* behind the rows: an expectation that waits */
	EVENT_SET,		/* behind them: a line of what `ipset save` prints */
	EVENT_CHAIN,		/* at the end: a chain's policy and counters */
	EVENT_COUNTER,		/* at the end: a rule and its counters */
	EVENT_FINDING,		/* before them: what is proved of a rule, whatever the packets */
	EVENT_WARNING,
	EVENT_SUMMARY,		/* once, last */

	/* How a packet came to its state and verdict, in detail. Who does not explain does not want them. */
	EVENT_LOOKUP,		/* connection tracking looked for the packet's entry, and judged the packet */
	EVENT_MISS,		/* a rule was tried and did not match */
	EVENT_STEP,		/* the way through chains: entered, jumped, returned, decided */
	EVENT_ROUTE,		/* routing decided where the packet goes */
	EVENT_PROBE,		/* behind the decision: what a rule of the table would have said to the packet */
	EVENT_BUCKET,		/* a rule with a rate looked into its bucket */
	EVENT_KIND_COUNT,
};

#define EVENT_BIT(kind) (1u << (kind))

/* Among the kinds that a listener wants: of EVENT_PACKET the packet as it left, too; without it as_left and split may be NULL. */
#define EVENT_PACKET_LEFT (1u << 31)

/* Likewise, which lost packet it answers; without it phantom_of is 0, and so is n_phantoms of EVENT_SUMMARY. */
#define EVENT_PACKET_PHANTOM (1u << 29)

/* Likewise, of EVENT_OUTCOME the rules that a repeat matched; without it n_matched may be 0. */
#define EVENT_OUTCOME_MATCHED (1u << 30)

/* Kinds that happen during a packet's journey alone. */
#define EVENT_JOURNEY_KINDS \
	(EVENT_BIT(EVENT_HOOK) | EVENT_BIT(EVENT_RULE) | EVENT_BIT(EVENT_TRANSITION) | EVENT_BIT(EVENT_LOG) | \
	 EVENT_BIT(EVENT_TRACE) | EVENT_BIT(EVENT_REPLY) | EVENT_BIT(EVENT_PACKET) | EVENT_BIT(EVENT_OUTCOME) | \
	 EVENT_BIT(EVENT_LOOKUP) | \
	 EVENT_BIT(EVENT_MISS) | EVENT_BIT(EVENT_STEP) | EVENT_BIT(EVENT_PROBE) | EVENT_BIT(EVENT_BINDING) | \
	 EVENT_BIT(EVENT_ROUTE) | EVENT_BIT(EVENT_BUCKET))

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
	const char *written;		/* as it stands in the file; not NUL-terminated; NULL when built in */
	uint32_t written_len;
};

/* A connection tracking entry at one moment. */
struct entry_view {
	uint64_t id;			/* 1, 2, 3 ... in order of creation */
	struct vtime deadline;
	uint32_t hz;			/* the kernel's ticks a second, in which it counts the time left */
	uint32_t timeout_seconds;	/* what the last refresh set, as events print it */
	const char *state;		/* "ESTABLISHED", ... for protocols that have one, else NULL */
	uint32_t status;		/* enum status_bit */
	uint32_t mark;
	struct tuple tuple[2];		/* [enum direction] */
	bool is_usual;			/* what follows is all zero, as it is of most entries: see event_packet */
	uint64_t labels[2];		/* connlabel: a bit each, the lowest first */
	uint64_t n_packets[2], n_bytes[2];
	struct vtime start;
	bool has_counters;		/* nf_conntrack_acct was on when it was created */
	bool has_start;			/* nf_conntrack_timestamp was on */
	const char *helper;		/* or NULL */
	uint64_t master_id;		/* the entry whose helper expected this one; 0: nobody did */
	const char *expected_by;	/* that helper's name; NULL: nobody expected it */
	uint32_t tags[2];		/* SCTP's verification tags */
	uint32_t gre_timeouts[2];	/* GRE: seconds, one way and both ways */
	const char *role;		/* DCCP: "client" or "server", of whoever began the entry; else NULL */
};

enum { ENTRY_LABELS = 128 };

static inline bool entry_view_has_labels(const struct entry_view *entry)
{
	return entry->labels[0] || entry->labels[1];
}

static inline bool entry_view_has_label(const struct entry_view *entry, unsigned bit)
{
	return entry->labels[bit / 64] >> bit % 64 & 1;
}

/* An expectation at one moment. */
struct expectation_view {
	uint64_t id;			/* 1, 2, 3 ... in order of creation */
	uint64_t master_id;		/* of the entry that it belongs to */
	struct tuple tuple;		/* of the packet that is expected */
	struct tuple mask;		/* source address and port: where a bit is 0, anything may come */
	struct tuple master;		/* original tuple of the master */
	struct vtime deadline;
	uint32_t hz;
	uint32_t timeout_seconds;
	uint32_t flags;			/* enum expectation_flag */
	uint32_t class;
	const char *class_name;		/* "audio"; "" for helpers with one class */
	const char *helper;		/* the master's; NULL when it has lost it */
};

struct event_run {
	int64_t origin_seconds;		/* absolute time of the first packet, Unix */
	uint32_t origin_ns;
	const char *capture;		/* file name */
	const char *host;		/* "host 192.168.1.2 (found from the capture: ...)"; borrowed for the call */
	const char *captured_on;	/* where the capture was taken: "lan (found from ...)"; borrowed; NULL: nothing is known */
	const char *const *tables;	/* "ipv4 filter", ... that are loaded */
	size_t n_tables;
	bool is_empty;			/* the capture holds no packet, so there is no origin */
};

struct event_hook {
	enum hook hook;
	unsigned depth;			/* 0: the packet itself; 1: a packet that the host made because of it; ... */
	const char *in, *out;		/* interface names, "" when none */
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
	struct complaint reason;	/* no words: nothing is to be said */
};

struct event_conntrack {
	uint32_t bits;			/* enum conntrack_event_bit */
	struct entry_view entry;
	bool expired;			/* a DESTROY because its time was over */
	const char *program;		/* static: what an operator called to make it happen; NULL: nobody did */
};

struct event_expectation {
	enum expectation_end end;	/* EXPECTATION_LIVES: it begins */
	struct expectation_view expectation;
};

struct event_expectation_entry {
	struct expectation_view expectation;
};

struct event_log {
	const struct rule_place *rule;
	enum hook hook;
	const struct packet *packet;	/* as it was there; borrowed */
	const char *in, *out;		/* interface names, "" when none; POSTROUTING knows where a packet came in, too */
	const char *prefix;
	uint32_t level, flags, mark;	/* flags: NF_LOG_* of Linux include/uapi/linux/netfilter/nf_log.h */
	bool has_user;			/* somebody told whose process sent it */
	uint32_t uid, gid;
};

enum { BINDING_MOST_TOLD = 16 };

struct event_binding {
	uint64_t entry;			/* the number that it has, or would get now */
	const struct rule_place *rule;	/* whose target wanted it; NULL: none did, and the port had to change all the same */
	bool is_source;			/* else the destination */
	struct tuple before, after;	/* of the original direction, without and with it */
	bool has_addresses, has_ports;	/* what the rule says it may become; addresses and ports are then meaningful */
	struct address first, last;
	uint16_t first_port, last_port;
	const char *how;		/* a sentence: how it was chosen; static */
	uint32_t n_tried;		/* ports, or identifiers, that were asked for; the first of them: */
	struct {
		uint16_t port;
		uint64_t taken_by;	/* the entry in whose way it would be; 0: it is free */
	} tried[BINDING_MOST_TOLD];
	uint64_t ended;			/* the entry that was in the way, is over and gives way; 0: none */
};

struct event_route {
	unsigned depth;			/* as of event_hook */
	const char *words;		/* "default via 192.0.2.1 dev wan", or why nowhere; borrowed for the call */
};

/* Twice for a rule: when it has matched, and when its target has run. */
struct event_trace {
	struct event_log log;		/* the packet as it is there; rule is NULL at the end of a chain of the user's */
	const char *table, *chain;
	const char *kind;		/* "rule", "return", "policy": what the kernel's iptables calls it */
	uint32_t number;		/* in the chain; its end is one more than it has rules */
	const char *verdict;		/* "ACCEPT", "JUMP", ...; NULL: the target has not run */
	const char *jump;		/* the chain that it jumped to, or NULL */
	uint32_t handle;		/* the rule's number in nf_tables; 0: a policy */
};

struct event_fragments {
	const char *reason;		/* static */
	const uint64_t *packets;	/* the numbers of the packets; borrowed for the call */
	size_t n_packets;
	bool is_expired;		/* their time was over; else the packet at hand ended their wait */
};

struct event_action {
	const char *text;		/* as it was written: "conntrack -F" */
	const char *file;		/* where */
	uint32_t line;
	const char *words;		/* what came of it: "2 entries deleted"; "" when there is nothing to say; borrowed for the call */
	uint64_t n_entries;		/* that ended or changed */
};

struct event_reply {
	const struct packet *packet;	/* the generated one; borrowed */
	const char *reason;		/* "icmp-port-unreachable", "tcp-reset", "ttl exceeded" */
	enum verdict verdict;		/* what OUTPUT and POSTROUTING said to it */
	const struct rule_place *decided_by;
};

/* What a frame of the capture is: see host/vantage. */
enum sighting_kind {
	SIGHTED_ARRIVING,		/* it came in */
	SIGHTED_SENT,			/* the host itself sent it */
	SIGHTED_LEAVING,		/* a copy, on its way out, of a packet that was replayed: not replayed again */
	SIGHTED_AGAIN,			/* a second copy of the same packet: likewise */
	SIGHTED_ELSEWHERE,		/* the link layer says that it is for another machine: the host never looks at it */
};

/* Is it a frame that makes no journey? */
static inline bool sighting_is_passed_over(enum sighting_kind kind)
{
	return kind >= SIGHTED_LEAVING;
}

enum entry_change { ENTRY_NONE, ENTRY_NEW, ENTRY_CHANGED, ENTRY_REFRESHED, ENTRY_UNCHANGED, ENTRY_DESTROYED };

/* All bytes are 0 that say nothing: most packets have no more than zeros from the entry's labels to as_left (replay/parcel leaves them out). */
struct event_packet {
	const struct packet *packet;	/* as it was captured; borrowed */
	const char *in, *out;		/* interface names, "" when none */
	uint8_t hooks[HOOK_COUNT * 2];	/* enum hook each: the path, in order */
	uint8_t n_hooks;
	bool has_entry;
	bool is_usual;			/* known to have no more than zeros from the entry's labels to as_left; false: it may, too */
	enum ctstate ctstate;
	enum direction direction;	/* meaningful when the packet has an entry */
	enum verdict verdict;
	enum entry_change change;
	enum sighting_kind sighting;
	uint32_t mark;			/* packet mark at the end */
	const struct rule_place *decided_by;	/* number 0: the policy. NULL: nothing but defaults, or `reason` */
	const char *reason;		/* dropped outside the rules, or by a match (hotdrop): in words; static; or NULL */
	const struct rule_place *const *matched;	/* rules whose counters rose, in order; borrowed */
	size_t n_matched;
	uint64_t phantom_of;		/* number of the lost packet without which this one would not have been; 0: none is known; see EVENT_PACKET_PHANTOM */
	const char *state_before;	/* protocol state before, when it changed; else NULL */
	struct entry_view entry;	/* after the packet */
	struct complaint invalid;	/* why ctstate is INVALID; no words when it is not, or nobody says */
	const struct rule_place *unsimulated;	/* a rule that could have changed the verdict and was not simulated; or NULL */
	const uint64_t *fragments;	/* numbers of the packets that it was put together from; borrowed */
	size_t n_fragments;		/* 0: it came whole, or is not whole yet */
	bool was_rewritten;
	bool payload_was_changed;	/* its helper wrote translated addresses into the payload */
	bool is_turned_back;		/* captured as it left; `arrived_as` was replayed in its place */
	bool is_stand_in;		/* its sender cannot be told from the capture: the address in `arrived_as` stands in */
	bool is_left_out;		/* because of phantom_of it was not replayed */
	struct tuple sent;		/* addresses and ports as it left; meaningful when was_rewritten */
	struct tuple arrived_as;
	uint64_t copy_of;		/* number of the packet whose copy it is; 0: not known */
	const char *difference;		/* of a packet that was captured as it left: what was predicted otherwise; or NULL */
	const struct packet *as_left;	/* the packet as it left or was delivered; borrowed; NULL when it did not get through; see EVENT_PACKET_LEFT */
	const struct split *split;	/* the pieces in which it left; borrowed; NULL: it was delivered, or did not get through */
};

/* Fields as event_packet has them. */
struct event_outcome {
	enum ctstate ctstate;
	enum verdict verdict;
	const struct rule_place *decided_by;
	const char *reason;
	const struct rule_place *unsimulated;
	const struct rule_place *const *matched;	/* borrowed; see EVENT_OUTCOME_MATCHED */
	size_t n_matched;
	uint64_t entry;			/* its number; 0: the packet has none */
	bool is_repeat;			/* an earlier packet of its entry and direction matched the same rules, with this outcome */
	bool was_rewritten;
	struct tuple sent;		/* meaningful when was_rewritten */
};

/* The numbers of TCP's window check, as they were when a segment was judged; all modulo 2^32. */
struct tcp_bounds {
	bool is_checked;
	uint32_t seq, end;		/* of the segment; `end` is behind its last byte */
	uint32_t ack;			/* the highest byte that its ACK or a SACK block names */
	uint32_t seq_upper;		/* seq must be before: what the receiver allows, plus one */
	uint32_t end_lower;		/* end must be after: a window before what the sender had sent */
	uint32_t ack_upper;		/* ack must be before: what the receiver has sent, plus one */
	uint32_t ack_lower;		/* ack must be after: not older than a window */
	bool seq_fits, end_fits, ack_fits, ack_is_recent;
	bool is_liberal;		/* outside, and let through: picked up in the middle, or tcp_be_liberal */
	bool is_reset_checked;		/* RFC 5961: a reset must name what the other side has acknowledged */
	uint32_t reset_lower;		/* seq must not be before */
	bool reset_fits;
};

enum lookup_result {
	LOOKUP_IMPOSSIBLE,		/* no tuple can be made of the packet, or it is wrong before any lookup */
	LOOKUP_NOTHING,
	LOOKUP_FOUND,
};

enum { LOOKUP_LONGEST_CELL = 63 };

struct event_lookup {
	enum lookup_result result;
	bool is_quoted;			/* an ICMP error: looked up by the packet that it quotes */
	struct tuple tuple;		/* that was looked for; meaningful when one could be made */
	enum direction direction;	/* in which the packet goes through the entry */
	enum ctstate ctstate;		/* what came of it */
	bool is_new;			/* the packet makes an entry */
	bool is_reopened;		/* it ended the entry, and is looked up again: another event follows */
	struct entry_view before, after;	/* id 0: there is none */
	char cell[LOOKUP_LONGEST_CELL + 1];	/* "reply syn/ack in SYN_SENT"; "" for protocols without states */
	struct complaint reason;	/* why this state, or why INVALID; no words when there is nothing to say */
	const char *sentence;		/* static: the same for people, where `reason` is the kernel's short words; or NULL */
	bool is_refreshed;		/* the entry's time was set anew, to after.timeout_seconds */
	const char *timeout_from;	/* the sysctl that says so, without its prefix; static; NULL: not known */
	struct tcp_bounds bounds;
};

enum miss_kind {
	MISS_FAILED,			/* a condition does not hold */
	MISS_MALFORMED,			/* a match found the packet malformed: it is dropped at once */
	MISS_UNSIMULATED,		/* all else holds, but for a match that is not simulated */
};

struct event_miss {
	const struct rule_place *rule;
	enum miss_kind kind;
	const char *words;		/* the first condition that fails: "--dport 22: packet has 443"; borrowed for the call */
	uint32_t n_failed;		/* conditions that do not hold, as far as they can be tried without side effects */
	bool is_jump;			/* its target is a chain */
};

enum chain_step {
	STEP_TABLE,			/* the packet enters a built-in chain; `rule` is its policy */
	STEP_JUMP,			/* `rule` matched and sends it to another chain */
	STEP_GOTO,			/* likewise, never to come back behind the rule */
	STEP_RETURN,			/* `rule` matched and ends the chain */
	STEP_END,			/* the end of a user's chain; no `rule` */
	STEP_DECIDED,			/* `rule`, or the policy, decided */
};

struct event_step {
	enum chain_step step;
	const struct rule_place *rule;
	enum verdict verdict;		/* of STEP_DECIDED, in this table */
};

struct event_probe {
	const struct rule_place *rule;
	enum { PROBE_HOLDS, PROBE_FAILS, PROBE_DEPENDS } result;	/* DEPENDS: on a match that remembers or is not simulated */
	const char *words;		/* the condition; borrowed for the call; "" when all hold */
	bool is_jump;
};

/* What -m limit and -m hashlimit keep count by. Credits: the match's own unit. */
struct event_bucket {
	const struct rule_place *rule;
	const char *key;		/* whose bucket it is: "10.0.0.2 > *:22"; "" for the rule's only one; borrowed for the call */
	uint64_t level;			/* credits, before the packet was judged */
	uint64_t cost;			/* of the packet */
	uint64_t cap;			/* the bucket is full */
	uint64_t refill;		/* credits a second */
	bool is_paid;			/* there was enough, and it was taken */
};

struct event_snapshot {
	const char *label;		/* "after packet 12", "at 31 s", "end"; borrowed for the call */
	uint64_t n_entries, n_expectations;
};

struct event_entry {
	struct entry_view entry;
};

struct event_set {
	const char *line;		/* "add blocked 192.0.2.1 timeout 300"; borrowed for the call */
};

struct event_chain {
	uint8_t family;
	const char *table, *chain;
	const char *policy;		/* "ACCEPT", "DROP", or NULL for a user chain */
	uint32_t n_references;		/* user chains */
	uint64_t n_packets, n_bytes;	/* the policy's */
	uint64_t n_entered;		/* packets that came to its first rule; 0 unless tries are counted */
	const struct rule_place *place;	/* where its policy stands; NULL: nowhere */
};

struct event_counter {
	const struct rule_place *rule;
	const char *listing;		/* the columns of `iptables -L -v -n` behind the counters; borrowed for the call */
	bool is_simulated;
	uint64_t n_packets, n_bytes;
	uint64_t n_tried;		/* packets that came to the rule; 0 unless tries are counted */
};

/* Who wants to hear of findings has tries counted too. */
struct event_finding {
	const struct rule_place *rule;
	const char *words;		/* "can never match, ..."; borrowed for the call */
	bool is_useless;		/* no packet can match it */
};

struct event_warning {
	const char *text;		/* borrowed for the call */
};

struct event_summary {
	uint64_t n_packets, n_not_ip, n_cut, n_backwards;
	uint64_t n_verdicts[VERDICT_COUNT];
	uint64_t n_ctstates[CTSTATE_COUNT];
	uint64_t n_created, n_expired, n_destroyed, n_live;	/* entries; destroyed: by anything but time */
	uint64_t n_copies;		/* packets that were copies of others: leaving, or seen twice */
	uint64_t n_compared;		/* packets seen leaving */
	uint64_t n_differences;		/* of them: predicted otherwise; and those that were to leave and were not seen */
	uint64_t n_turned_back;
	uint64_t n_phantoms;		/* packets that answer packets which were lost */
	uint64_t n_left_out;		/* of them: not replayed */
	uint64_t n_unsimulated;		/* packets whose verdict depends on a rule that was not simulated */
	bool is_tracked_anyway[2];	/* IPv4, IPv6: packets were tracked, though no rule asks for it and a kernel would not */
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
		struct event_expectation expectation;
		struct event_log log;
		const struct event_binding *binding;	/* borrowed for the call */
		struct event_route route;
		struct event_trace trace;
		struct event_fragments fragments;
		struct event_reply reply;
		struct event_action action;
		struct event_packet journey;
		struct event_outcome outcome;
		struct event_snapshot snapshot;
		struct event_entry entry;
		struct event_expectation_entry expectation_entry;
		struct event_set set;
		struct event_chain chain;
		struct event_counter counter;
		struct event_finding finding;
		struct event_warning warning;
		struct event_summary summary;
		const struct event_lookup *lookup;	/* borrowed for the call */
		struct event_miss miss;
		struct event_step step;
		struct event_probe probe;
		struct event_bucket bucket;
	};
};

/* "packet", "transition", ...: the value of "kind" in JSON. */
const char *event_kind_name(enum event_kind kind);

#endif
