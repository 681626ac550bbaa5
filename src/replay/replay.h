/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A replay, from what was asked for to its end. The program's commands and libctreplay drive it in the same way:
 *
 *     replay_init(); replay_open(); replay_open_outputs(); replay_start();
 *     while ((packet = replay_next()))
 *             replay_step(packet);
 *     replay_finish(); replay_clear();
 */
#ifndef REPLAY_REPLAY_H
#define REPLAY_REPLAY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/pushed.h"
#include "event/stream.h"
#include "replay/batch.h"
#include "replay/outputs.h"
#include "replay/run_options.h"
#include "replay/scene.h"

struct replay_count {
	uint64_t n_packets;	/* that were replayed */
	uint64_t n_shown;
};

struct replay {
	const struct run_options *options;
	struct scene scene;
	struct stream stream;		/* listeners of the caller's are added between open and start */
	bool hears_all;			/* they want packets too that --packets does not show */
	const struct replay *leader;	/* borrowed: has each packet first, and says what is shown; or NULL */
	bool is_shown_by_leader;	/* the packet that comes now */
	bool shares_packets;		/* they are the leader's */
	bool keeps_captured;		/* in the batch packets stay as they were captured */
	struct sighting sighting;	/* of the packet that was looked at */
	struct outputs outputs;
	struct simulator *simulator;	/* owned; from start to finish */
	struct batch own_batch;
	struct feed *feed;		/* owned: reads ahead in a thread of its own; or NULL */
	struct batch *batch;		/* at hand: the own one, or the feed's */
	size_t next, n_batch;		/* in it: the packet that comes now, and how many there are */
	atomic_bool is_interrupted;	/* somebody, a signal's handler maybe, ended the capture here */
	struct replay_count count;
};

void replay_init(struct replay *replay, struct run_options *options);

/* Also after any of the functions below failed. Outputs that were not finished leave no file behind. */
void replay_clear(struct replay *replay);

/* Reads and checks everything that the options name. False after an error; the scene's diagnostics tell, then and of warnings. */
bool replay_open(struct replay *replay);

/* False after an error: see the scene's diagnostics. Nothing else is opened from here on. */
bool replay_open_outputs(struct replay *replay, const struct screen *screen);

/* The simulated host stands, and EVENT_RUN was told. */
void replay_start(struct replay *replay);

/* The next packet, decoded; NULL at the end, after an error of the source or an interruption, or when nobody is left to be told. */
struct packet *replay_next(struct replay *replay);

/*
 * Of a scene with packets that are pushed, which was met with the first of them: a further packet, decoded, as from
 * replay_next(); and time that passes without one.
 */
struct packet *replay_push(struct replay *replay, const struct pushed_frame *frame);
void replay_wait(struct replay *replay, struct vtime until);

/* Packets are read and decoded some at a time: has replay_next() given the last one that is at hand? */
static inline bool replay_is_batch_over(const struct replay *replay)
{
	return replay->next == replay->n_batch;
}

/* Where a replay keeps them: a packet that is at hand, as it was captured; the last one that came, or so many before it. */
static inline const struct packet *replay_captured(const struct replay *replay, size_t before)
{
	return &replay->batch->packets[replay->next - 1 - before];
}

/* Replays it. */
void replay_step(struct replay *replay, struct packet *packet);

/*
 * The two halves of it, for whoever does something else with the packet between them: time moves to it, and what the frame is is decided,
 * which may turn it back into the packet that came in; then it is replayed.
 */
const struct sighting *replay_look(struct replay *replay, struct packet *packet);
void replay_go(struct replay *replay, struct packet *packet);

/* No packet will come any more because its source failed. What a signal did to a read that waited is no fault of the capture. */
bool replay_has_failed(const struct replay *replay);

/*
 * Tells what stands at the end and closes the outputs. False when an output failed. An error of the source stands in the
 * diagnostics afterwards, and outputs are then not complete.
 */
bool replay_finish(struct replay *replay);

#endif
