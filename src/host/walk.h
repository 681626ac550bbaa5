/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One packet's journey through the host, top to bottom.
 *
 * Linux 6.18: ip_rcv() -> NF_INET_PRE_ROUTING -> ip_rcv_finish() (routing) -> ip_local_deliver() ->
 * NF_INET_LOCAL_IN, or ip_forward() -> NF_INET_FORWARD -> ip_output() -> NF_INET_POST_ROUTING; packets of
 * the host itself: __ip_local_out() -> NF_INET_LOCAL_OUT -> NF_INET_POST_ROUTING, and back in through lo
 * when the host talks to itself.
 */
#ifndef HOST_WALK_H
#define HOST_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "conntrack/conntrack.h"
#include "event/stream.h"
#include "host/defrag.h"
#include "host/hooks.h"
#include "host/journey.h"
#include "host/outside.h"
#include "host/topology.h"
#include "host/vantage.h"
#include "host/ways.h"
#include "nat/bind.h"
#include "rules/eval.h"

enum { WALK_MOST_STAGES = 8, WALK_FAMILIES = 2, WALK_MOST_REPLIES = 3 };

/* Interface of the packets that the host sends to itself: compared by address. */
extern const char walk_loopback[];

/* What a packet meets, fixed for a run. */
struct walk {
	struct connections connections;		/* first: rules reach the table through it */
	const struct topology *topology;
	const struct annotation_source *annotations;	/* NULL: nobody told anything */
	struct vantage *vantage;		/* told of the packets that the host makes */
	struct evaluation *evaluation;
	struct conntrack *conntrack;
	struct defrag *defrag;
	struct packet whole;			/* the latest datagram put together, as it was then; bytes may have changed */
	struct binder binder;			/* chooses NAT mappings */
	struct host_outside outside;		/* what helpers may ask */
	struct ways ways;			/* that packets have taken */
	const struct way_outcome *ahead;	/* of the packet at hand, which was tracked before it walks; else NULL */
	struct stream *stream;
	uint32_t hz;
	enum profile profile;
	int64_t origin_ns;			/* Unix time of the first packet */
	bool is_tracking[WALK_FAMILIES];
	bool remembers_masquerade;		/* entries keep by which interface they were masqueraded */
	const struct hook_stage *stages[WALK_FAMILIES][HOOK_COUNT][WALK_MOST_STAGES];	/* NULL-terminated */
	struct eval_trace reply_traces[WALK_MOST_REPLIES];	/* of packets that the host makes on the way, by depth */
};

/* Chooses what a packet meets at each hook, from the tables that the ruleset has. The other fields are set already. */
void walk_init(struct walk *walk, const struct ruleset *ruleset, bool tracks_always);
void walk_clear(struct walk *walk);

/*
 * Walks one packet from where it was sighted; a copy of another, or one that is left out, goes nowhere. `journey` is zeroed and filled; its tracking still holds the entry: the caller looks at it
 * and then calls conntrack_release().
 */
void walk_packet(struct walk *walk, struct packet *packet, const struct sighting *sighting, struct eval_trace *trace,
		 struct journey *journey);

/*
 * A packet of the host itself, from OUTPUT until it has left; its journey was started. True: it has left through lo, and comes
 * back in by walk_back_in().
 */
bool walk_out(struct walk *walk, struct journey *journey);
void walk_back_in(struct walk *walk, struct journey *journey);

#endif
