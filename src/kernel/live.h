/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running kernel as a host in virtual time: packets in, the same events out as
 * host/simulator emits, so that every sink can show them and a listener compare them.
 *
 * Strings and places in the events are borrowed as event/event.h says. Entries are
 * numbered in order of creation. What no event of ours can say is left out: TRANSITION
 * (the kernel gives no reasons) and LOG (its lines are the host's, not the namespace's).
 */
#ifndef KERNEL_LIVE_H
#define KERNEL_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "event/stream.h"
#include "kernel/netns.h"
#include "kernel/path.h"
#include "kernel/tables.h"
#include "packet/packet.h"

struct live_options {
	const struct netns_plan *plan;
	enum tables_backend backend;
	const char *rules[2];			/* IPv4, IPv6: as iptables-save prints them; NULL: none */
	const char *sets;			/* what the rules' sets hold, as ipset save prints it; NULL: none */
	const char *policies;			/* that the rules may name, as nfct makes them, a line each; NULL: none */
	path_find_place *find_place;
	const void *ruleset;			/* find_place's */
	struct stream *stream;
	uint32_t hz;				/* of the entries' arithmetic */
	bool sees_tracking[2];			/* IPv4, IPv6: conntrack is switched on whatever the rules say */
	bool has_counters;			/* of entries: net.netfilter.nf_conntrack_acct */
	bool has_timestamps;			/* of entries: net.netfilter.nf_conntrack_timestamp */
	bool tracks_dccp;			/* its tuples have ports */
	bool is_real_time;			/* wait as long as the capture did */
	bool is_ticked;				/* packets that are ticks apart come to the kernel in ticks of their own */
	void (*tell_wait)(void *owner, struct vtime left);	/* before a wait that people notice; may be NULL */
	void *owner;
};

struct live;

/* Enters a namespace for good and loads everything. NULL when the kernel cannot be asked: `error` says what is missing. */
struct live *live_open(const struct live_options *options, struct text *error);
void live_close(struct live *live);

/* One packet through the kernel. False when the kernel failed to tell everything: `error` says why. */
bool live_packet(struct live *live, const struct packet *packet, bool is_from_host, const char *interface,
		   struct text *error);

/* About the last packet: why what the kernel did cannot be compared with virtual time; static; NULL when it can. */
const char *live_hazard(const struct live *live);

enum { LIVE_MOST_ENTRIES = 16 };

/*
 * The ids of the entries that have the last packet's tuple, and that of an answer to it, be the packet INVALID or untracked: at most
 * LIVE_MOST_ENTRIES.
 */
const uint64_t *live_entries(const struct live *live, size_t *n);

/*
 * Between two packets, or behind the last: the table as EVENT_SNAPSHOT, EVENT_ENTRY and EVENT_EXPECTATION_ENTRY, then the sets as EVENT_SET. `label`
 * is that of the simulator's snapshot: "at 31 s" moves virtual time to `time`, others are read at `time` without. False after an error.
 */
bool live_list(struct live *live, const char *label, struct vtime time, struct text *error);

/* The counters of all rules. False after an error. */
bool live_read_counters(struct live *live, struct tables_counters *counters, struct text *error);

/* EVENT_SUMMARY: last. */
void live_emit_summary(struct live *live, uint64_t n_backwards);

#endif
