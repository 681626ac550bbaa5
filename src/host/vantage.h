/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where was the capture taken? tcpdump sees a packet before netfilter on its way in, and behind it on its way out. So of
 * each frame: is it a packet that came in, one that the host itself sent, one that is leaving, or one that was seen before?
 *
 * What leaves is not replayed as if it came in. Where its arrival is in the capture too, it is compared with what the
 * simulation sent; where it is not, it is turned back into the packet that must have arrived: by the entry that translates
 * it, else by the rules that could have.
 *
 * Without a plan, every frame came in, or was sent by the host when the link layer or its source address says so.
 */
#ifndef HOST_VANTAGE_H
#define HOST_VANTAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "conntrack/conntrack.h"
#include "event/event.h"
#include "host/sightings.h"
#include "host/topology.h"
#include "rules/ruleset.h"

enum { VANTAGE_MOST = 16 };

/* Where frames were captured. Names are the topology's. */
struct vantage_plan {
	bool is_on;
	const char *names[VANTAGE_MOST];	/* every interface of which the capture has frames */
	size_t n_names;
	struct {
		uint32_t index;			/* as SLL2 has it */
		const char *name;
	} indices[VANTAGE_MOST];
	size_t n_indices;
	const char *const *captures;		/* of several captures in one replay: where each was taken, or NULL; or NULL */
};

/* An interface of the topology, once, as long as there is room. */
void vantage_plan_add(struct vantage_plan *plan, const char *name);

/* "lan, wan". */
void vantage_plan_print(const struct vantage_plan *plan, struct text *out);

struct vantage {
	const struct vantage_plan *plan;	/* the rest is borrowed too */
	const struct topology *topology;
	struct conntrack *conntrack;
	const struct ruleset *ruleset;
	bool may_speak_for_others;		/* a transparent proxy sends from the addresses of those whom its clients asked */
	struct sightings sightings;
	struct text difference;			/* owned; of the latest sighting */
};

/* What a frame is. */
struct sighting {
	enum sighting_kind kind;
	const char *in;				/* of ARRIVING: by which interface */
	bool is_turned_back;			/* the packet was changed into the one that must have arrived */
	bool is_stand_in;			/* into one from a host that stands in for who sent it, which nobody can tell */
	struct tuple arrived_as;		/* its addresses and ports then; set before it is replayed */
	uint64_t of_packet;			/* of LEAVING, AGAIN: number of the packet whose copy it is; 0: not known */
	bool is_of_lost;			/* of LEAVING: that packet was lost */
	uint64_t phantom_of;			/* number of the lost packet without which it would not have been; 0: none */
	bool is_left_out;			/* for that reason it is not replayed */
	const char *difference;			/* of LEAVING: what was predicted otherwise; until the next call; NULL: nothing */
};

void vantage_init(struct vantage *vantage, const struct vantage_plan *plan, const struct topology *topology,
		  struct conntrack *conntrack, const struct ruleset *ruleset);
void vantage_clear(struct vantage *vantage);

/* Decides about a decoded packet, and turns it back where that is needed. */
void vantage_judge(struct vantage *vantage, struct packet *packet, struct sighting *sighting);

/*
 * What became of a packet that came in, or that the host made because of one: `packet` as it left by `out`, "" when it did
 * not leave.
 */
void vantage_note(struct vantage *vantage, const struct packet *packet, const char *out, bool is_lost);

/*
 * A packet that the capture shows leaving was replayed: does it leave as it was `captured`? Sets sighting->difference.
 * `packet`, `out`, `is_lost`: as vantage_note() has them.
 */
void vantage_compare(struct vantage *vantage, const struct packet *captured, const struct packet *packet, const char *out,
		     bool is_lost, struct sighting *sighting);

/* The addresses and ports that a packet has when it leaves, where one of those captured next is its copy; false: none is. */
bool vantage_foresee(const struct vantage *vantage, const struct packet *packet, const struct packet *next, size_t n_next,
		     struct tuple *ends);

/* Calls `visit` for every packet that was to be seen leaving and was not. Once, at the end. */
typedef void vantage_visitor(void *owner, const struct predicted *unseen);
void vantage_visit_unseen(const struct vantage *vantage, vantage_visitor *visit, void *owner);

#endif
