/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One host in virtual time: packets in, events out.
 *
 * Owns the run-time state (connection table, rule counters); borrows what is constant
 * (ruleset, topology) and the stream. The same packets give the same events, always.
 */
#ifndef HOST_SIMULATOR_H
#define HOST_SIMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "conntrack/settings.h"
#include "event/stream.h"
#include "host/operator.h"
#include "host/schedule.h"
#include "host/topology.h"
#include "host/vantage.h"
#include "packet/packet.h"
#include "rules/ruleset.h"

enum track_mode { TRACK_ALWAYS, TRACK_AUTO };

struct simulator_options {
	const struct ruleset *ruleset;
	const struct topology *topology;	/* finished */
	const struct annotation_source *annotations;	/* what somebody told of packets; NULL: nothing */
	struct stream *stream;
	bool is_causal;				/* packets that answer lost ones are left out */
	const struct vantage_plan *vantage;	/* where the capture was taken; borrowed */
	struct conntrack_settings settings;
	struct snapshot_plan snapshots;
	struct operator_plan actions;
	enum track_mode track;
	bool zero_counters;
	bool counts_tries;			/* also how often each rule was tried */
	const struct limits *limits;		/* borrowed while it is made; NULL: the usual ones */
	bool is_plain;				/* for tests: every packet walks, and looks at every rule */
	int64_t origin_ns;			/* Unix time of the first packet, for -m time */
	uint64_t seed;				/* of what the kernel draws at random */
	uint64_t hash_seed;			/* of the connection table: never shows in any output */
};

struct simulator;

struct simulator *simulator_create(const struct simulator_options *options);
void simulator_destroy(struct simulator *simulator);

/*
 * Replays one packet: time moves to packet->time (which never decreases), what is due ends, the packet makes
 * its journey, events tell. The packet's bytes and decoded fields may be changed as the host would.
 */
void simulator_replay(struct simulator *simulator, struct packet *packet);

/* From now on the packets that it is given stay as they are: what it changes is a copy of its own. */
void simulator_keep_packets(struct simulator *simulator);

/*
 * The two halves of it, for whoever does something else with the packet between them: first time moves, and it is decided
 * what the frame is (host/vantage), which may turn the packet back; then it is replayed.
 */
void simulator_sight(struct simulator *simulator, struct packet *packet, struct sighting *sighting);
void simulator_replay_sighted(struct simulator *simulator, struct packet *packet, struct sighting *sighting);

/*
 * What can be known of packets that were just decoded before it is their turn, kept in them: so there is less to do then. All that it reads is
 * constant, so another thread may call it. Changes no answer. The packets are for this simulator, or one with the same `hash_seed`.
 */
void simulator_note_packets(const struct simulator *simulator, struct packet *packets, size_t n_packets);

/*
 * Packets that will be replayed soon, in this order; borrowed until the last of them was. Lets memory fetch what they will
 * need, where they are noted, and shows which ports the kernel drew, where the capture has translated packets too.
 */
void simulator_prefetch(struct simulator *simulator, struct packet *packets, size_t n_packets);

/* Time moves without a packet, never back: what is due ends. */
void simulator_wait(struct simulator *simulator, struct vtime time);

/* The table as it is, on a stream of the caller's: EVENT_ENTRY for each entry. */
void simulator_list(const struct simulator *simulator, struct stream *stream);

/* The rules as they have counted: EVENT_CHAIN and EVENT_COUNTER, likewise. */
void simulator_count(const struct simulator *simulator, struct stream *stream);

/* How many of NAT's choices so far were drawn at random: another run of the kernel would choose otherwise. */
uint64_t simulator_n_drawn(const struct simulator *simulator);

/* After the last packet: remaining snapshots, counters, warnings, the summary. */
void simulator_finish(struct simulator *simulator, uint64_t n_backwards);

#endif
