/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the header does not have: how parts of this program that hear the engine's own events (judges, coverage, the stepper's
 * tale, the differences of two replays) take part in a replay of libctreplay. Events change with the engine. docs/library.md
 * says who uses this.
 */
#ifndef API_INSIDE_H
#define API_INSIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/ctreplay.h"
#include "base/text.h"
#include "event/stream.h"
#include "packet/packet.h"
#include "replay/run_options.h"

struct ruleset;

/* What was asked for. Before the first packet it may be changed. */
struct run_options *inside_options(struct ctreplay *replay);

/* Before it is opened, in the place of a capture: a packet script, whose packets come in or are the host's own. Borrowed. */
void inside_use_script(struct ctreplay *replay, const struct text *script);

/* Before it is opened, and without a capture: loads its rules, which it then has. False: ctreplay_messages() tell. */
bool inside_load_rules(struct ctreplay *replay);

/* Before the first packet: a listener; without `is_filtered` also of packets that are not shown. Those of the outputs come before it. */
void inside_listen(struct ctreplay *replay, uint32_t kinds, bool is_filtered, stream_listener *listener, void *owner);

/* Of an open replay, and as long as it is there: its rules, the link type (DLT_) of its capture, what is said of the host. */
const struct ruleset *inside_ruleset(const struct ctreplay *replay);
int inside_link_type(const struct ctreplay *replay);
const char *inside_host(const struct ctreplay *replay);

/* EVENT_CHAIN and EVENT_COUNTER for every chain and rule of an open replay, with the counters that the rules file brings. */
void inside_visit_rules(const struct ctreplay *replay, stream_listener *listener, void *owner);

/* Most packets that one of two replays goes through before the other one does. */
enum { INSIDE_MOST_TURNS = 32 };

/*
 * Who hears of the packets of two replays. One replays some packets, then the other one does, each at a place of its own: `turn` is
 * called before either replays one. `judge` of all and then `end` of all that are shown, when both have; packets are as they were captured.
 */
struct inside_turns {
	void (*turn)(void *owner, size_t place, bool is_leader);
	void (*judge)(void *owner, size_t place, const struct packet *captured);
	bool (*end)(void *owner, size_t place, const struct packet *captured);	/* false: that is enough */
};

/*
 * Of two replays that are open, all packets, in turns; what is shown of the leader is shown of the other. `is_same_capture`: packets are
 * read and decoded once.
 */
void inside_run_both(struct ctreplay *leader, struct ctreplay *other, bool is_same_capture, const struct inside_turns *turns, void *owner);

#endif
