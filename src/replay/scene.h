/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a replay needs before its first packet: rules, capture and host, read and checked.
 * Everything that can be refused is refused here.
 */
#ifndef REPLAY_SCENE_H
#define REPLAY_SCENE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/text.h"
#include "capture/filter.h"
#include "event/stream.h"
#include "host/simulator.h"
#include "replay/actions.h"
#include "replay/annotation_file.h"
#include "replay/capture_file.h"
#include "replay/captured_on.h"
#include "replay/lookahead.h"
#include "replay/run_options.h"
#include "rules/ruleset.h"

struct scene {
	struct run_options *options;	/* borrowed; its topology is finished here */
	struct ruleset *ruleset;	/* owned, unless borrows_ruleset */
	bool borrows_ruleset;		/* set, with ruleset, before the scene is opened: these rules are replayed again */
	struct packet_source *pushed;	/* set before the scene is opened: packets are put into it (capture/pushed); owned */
	const struct text *script;	/* set before the scene is opened, with its name: a packet script instead of a capture; borrowed */
	const char *script_name;
	struct capture_file capture;
	struct actions_file actions;
	struct lookahead lookahead;
	struct annotation_file annotations;
	struct filter *filter;		/* owned; NULL: everything is shown */
	struct filter_room filter_room;	/* for it and those of the annotations */
	struct text host;		/* what is said of the host */
	struct captured_on captured_on;
	struct text capture_names;	/* of all captures */
	struct diagnostics diagnostics;
};

void scene_init(struct scene *scene, struct run_options *options);
void scene_clear(struct scene *scene);

/* Completes the options, loads the rules, opens the capture, finds the host. False after an error: see diagnostics. */
bool scene_open(struct scene *scene);

/* Before it is opened: its rules alone, which it then has. False after an error. */
bool scene_load_rules(struct scene *scene);

/*
 * The two halves of it, for packets that are pushed: what needs none of them; then, when the first one waits, what may look
 * at it.
 */
bool scene_load(struct scene *scene);
bool scene_meet_packets(struct scene *scene);

/* EVENT_RUN: first on a stream. */
void scene_emit_run(const struct scene *scene, struct stream *stream);

/* The simulated host of an open scene, as the options describe it. `stream` and the scene must outlive it. */
struct simulator *scene_create_simulator(const struct scene *scene, struct stream *stream);

/* EVENT_CHAIN and EVENT_COUNTER for every chain and rule, with the counters that the rules file brings. */
void scene_visit_rules(const struct scene *scene, stream_listener *listener, void *owner);

/* By which interface a packet comes in, or, when the host sends it, leaves before any rule changed it. */
const char *scene_interface(const struct scene *scene, const struct packet *packet, const struct sighting *sighting);

#endif
