/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/replay.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "packet/checksum.h"
#include "replay/feed.h"
#include "replay/findings.h"

void replay_init(struct replay *replay, struct run_options *options)
{
	memset(replay, 0, sizeof(*replay));
	replay->options = options;
	stream_init(&replay->stream);
	scene_init(&replay->scene, options);
	batch_init(&replay->own_batch);
}

void replay_clear(struct replay *replay)
{
	struct diagnostics ignored;

	feed_destroy(replay->feed);
	simulator_destroy(replay->simulator);
	diag_init(&ignored);
	outputs_close(&replay->outputs, false, &ignored);
	diag_clear(&ignored);
	batch_clear(&replay->own_batch);
	scene_clear(&replay->scene);
}

bool replay_open(struct replay *replay)
{
	return scene_open(&replay->scene);
}

bool replay_open_outputs(struct replay *replay, const struct screen *screen)
{
	const struct run_options *options = replay->options;

	if (!outputs_open(&replay->outputs, options, screen, &replay->stream, &replay->scene.diagnostics))
		return false;
	/*
	 * Where formats need no thread of their own reading is too little work for one; and nobody could end a thread that waits for
	 * packets of a live capture.
	 */
	if (options->n_threads > 2 && replay->outputs.relay && !replay->scene.capture.source->is_live)
		replay->feed = feed_create(&replay->scene.lookahead);
	return true;
}

void replay_start(struct replay *replay)
{
	/* What is noted in packets for one holds for the other, too; no output shows it. */
	if (replay->shares_packets)
		replay->scene.options->hash_seed = replay->leader->options->hash_seed;
	replay->simulator = scene_create_simulator(&replay->scene, &replay->stream);
	if (replay->keeps_captured)
		simulator_keep_packets(replay->simulator);
	scene_emit_run(&replay->scene, &replay->stream);
	if (replay->feed)
		feed_begin(replay->feed, replay->simulator);
}

static bool is_shown(const struct replay *replay, const struct packet *packet)
{
	const struct filter *filter = replay->scene.filter;
	const struct ranges *shown = &replay->options->shown;

	if (replay->leader)
		return replay->is_shown_by_leader;
	return (!shown->n || ranges_have(shown, packet->number)) && (!filter || filter_is_passed(filter, packet));
}

/* What nobody is to see of a packet is not built. */
static void choose(struct replay *replay, const struct packet *packet)
{
	replay->outputs.is_shown = is_shown(replay, packet);
	stream_mute(&replay->stream, !replay->outputs.is_shown && !replay->hears_all);
	replay->count.n_packets++;
	replay->count.n_shown += replay->outputs.is_shown;
}

/* Of packets that two replays share checksums are looked at once. */
static void read_batch(struct replay *replay)
{
	/* Packets of a live capture are told as they come. */
	size_t most = replay->scene.capture.source->is_live ? 1 : BATCH_MOST;

	replay->batch = &replay->own_batch;
	replay->n_batch = batch_fill(replay->batch, &replay->scene.lookahead, most);
	for (size_t i = 0; replay->keeps_captured && i < replay->n_batch; i++)
		checksum_note_l4(&replay->batch->packets[i]);
}

static void fill_batch(struct replay *replay)
{
	replay->next = replay->n_batch = 0;
	if (outputs_have_failed(&replay->outputs))
		return;
	if (replay->shares_packets) {
		replay->batch = replay->leader->batch;
		replay->n_batch = replay->leader->n_batch;
	} else if (replay->feed) {
		replay->batch = feed_next(replay->feed, &replay->n_batch);
	} else {
		read_batch(replay);
	}
	if (replay->n_batch)
		simulator_prefetch(replay->simulator, replay->batch->packets, replay->n_batch);
}

struct packet *replay_next(struct replay *replay)
{
	if (atomic_load_explicit(&replay->is_interrupted, memory_order_relaxed))
		return NULL;
	if (replay->next == replay->n_batch)
		fill_batch(replay);
	if (replay->next == replay->n_batch)
		return NULL;
	return &replay->batch->packets[replay->next++];
}

struct packet *replay_push(struct replay *replay, const struct pushed_frame *frame)
{
	pushed_put(replay->scene.pushed, frame);
	/* What had ended goes on. */
	replay->scene.lookahead.last_result = PACKET_SOURCE_PACKET;
	return replay_next(replay);
}

void replay_wait(struct replay *replay, struct vtime until)
{
	pushed_wait(replay->scene.pushed, until);
	stream_mute(&replay->stream, false);
	simulator_wait(replay->simulator, replay->scene.pushed->latest);
	outputs_flush(&replay->outputs);
}

void replay_step(struct replay *replay, struct packet *packet)
{
	choose(replay, packet);
	simulator_replay(replay->simulator, packet);
	if (replay->outputs.n_sinks)
		outputs_flush(&replay->outputs);
}

const struct sighting *replay_look(struct replay *replay, struct packet *packet)
{
	choose(replay, packet);
	simulator_sight(replay->simulator, packet, &replay->sighting);
	return &replay->sighting;
}

void replay_go(struct replay *replay, struct packet *packet)
{
	simulator_replay_sighted(replay->simulator, packet, &replay->sighting);
	if (replay->outputs.n_sinks)
		outputs_flush(&replay->outputs);
}

static void tell_interrupted(struct replay *replay)
{
	struct event event = { .kind = EVENT_WARNING };
	struct text text;

	text_init(&text);
	text_printf(&text, "interrupted: packets behind packet %" PRIu64 " were not replayed", replay->count.n_packets);
	event.warning.text = text_string(&text);
	stream_emit(&replay->stream, &event);
	text_clear(&text);
}

bool replay_has_failed(const struct replay *replay)
{
	return !replay->is_interrupted && replay->scene.lookahead.last_result == PACKET_SOURCE_ERROR;
}

bool replay_finish(struct replay *replay)
{
	const struct packet_source *source = replay->scene.capture.source;
	bool is_complete;

	feed_destroy(replay->feed);
	replay->feed = NULL;
	is_complete = !replay_has_failed(replay);
	stream_mute(&replay->stream, false);
	if (replay->is_interrupted)
		tell_interrupted(replay);
	findings_emit(replay->scene.ruleset, &replay->stream);
	if (!outputs_have_failed(&replay->outputs))
		simulator_finish(replay->simulator, source->n_backwards);
	simulator_destroy(replay->simulator);
	replay->simulator = NULL;
	if (!outputs_close(&replay->outputs, is_complete, &replay->scene.diagnostics))
		return false;
	if (!is_complete)
		diag_error_plain(&replay->scene.diagnostics, "%s", text_string(&source->error));
	return true;
}
