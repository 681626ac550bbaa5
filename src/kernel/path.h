/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One packet's journey, read from what the kernel logged meanwhile: which hooks it came
 * through, which rules matched, where it fell, and what the host answered.
 *
 * Linux 6.18, nf_log_trace() from ipt_do_table(): "TRACE: table:chain:what:number " for
 * every rule that matched. `what` is "rule", "policy" or "return"; an unconditional
 * ACCEPT, DROP or RETURN is called policy or return too: a number within the chain tells it.
 */
#ifndef KERNEL_PATH_H
#define KERNEL_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"
#include "event/stream.h"
#include "kernel/netns.h"
#include "kernel/nflog.h"
#include "kernel/nft_trace.h"
#include "packet/packet.h"

enum { PATH_MOST_REPLIES = 4, PATH_REASON_LEN = 160 };

/* Where rules stand: number 0 asks for the policy. NULL: there is no such rule, or the policy is nobody's choice. */
typedef const struct rule_place *path_find_place(const void *rules, enum family family, const char *table,
						 const char *chain, uint32_t number);

/* A packet that the host made on the way. */
struct path_reply {
	const uint8_t *bytes;	/* as it left, else as it was made; borrowed from the records */
	size_t len;
	bool has_left;
	enum hook last_hook;
	const struct rule_place *last_rule;
};

struct path {
	enum hook hooks[HOOK_COUNT * 2];
	size_t n_hooks;
	const char *in, *out;			/* interface names, "" when none */
	enum ctstate ctstate;
	enum direction direction;
	bool has_zone;				/* a zone of its entry that probes know */
	uint16_t zone;
	enum verdict verdict;
	const struct rule_place *decided_by;
	const char *reason;			/* static, or NULL */
	bool is_at_defragmentation;		/* it came no further: pieces of a datagram may still wait */
	char complaint[PATH_REASON_LEN];	/* conntrack's own words about an INVALID packet; "" when it said nothing */
	const struct rule_place **matched;	/* owned; reused */
	size_t n_matched, capacity;
	uint32_t mark;
	const uint8_t *final;			/* as it left; borrowed from the records; NULL when it did not */
	size_t final_len;
	struct path_reply replies[PATH_MOST_REPLIES];
	size_t n_replies;

	/* Private: while reading. */
	enum hook last_hook;			/* of the last probe */
	char last_point[32];
	const char *decision_table;		/* of the rules that were traced last: its last one is its decision */
	enum hook decision_hook;
	const struct rule_place *last_rule;	/* of that table */
	bool is_last_policy, has_last;
	bool is_decided_by_filter;
};

struct path_reader {
	const struct netns *netns;
	path_find_place *find_place;
	const void *rules;
	const struct nft_trace *nft_trace;	/* of the nft back end, or NULL */
	const bool *sees_tracking;		/* IPv4, IPv6: there is a probe behind conntrack; borrowed */
	struct stream *stream;			/* EVENT_HOOK and EVENT_RULE go there as they are read */
};

/* What OUTPUT and POSTROUTING said to it. */
enum verdict path_reply_verdict(const struct path_reply *reply);

/* Reads the records of one packet. Clear a path with path_clear() in the end; it may be read into again and again. */
void path_read(struct path *path, const struct path_reader *reader, const struct nflog *nflog,
	       const struct packet *packet);
void path_clear(struct path *path);

/* True when the packet was sent to lo and has not come back yet: the one thing that the kernel does later. */
bool path_is_on_loopback(const struct nflog *nflog);

#endif
