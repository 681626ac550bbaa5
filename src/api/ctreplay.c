/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "api/ctreplay.h"

#include <assert.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/alloc.h"
#include "capture/pushed.h"
#include "packet/decode.h"
#include "packet/summary.h"
#include "replay/shown_options.h"

const char *ctreplay_version(void)
{
	return PACKAGE_VERSION;
}

struct ctreplay *ctreplay_create(void)
{
	struct ctreplay *replay = alloc_zeroed(1, sizeof(*replay));

	arena_init(&replay->arena);
	run_options_init(&replay->options);
	diag_init(&replay->diagnostics);
	replay_init(&replay->replay, &replay->options);
	api_messages_init(&replay->messages);
	text_init(&replay->script);
	return replay;
}

void ctreplay_destroy(struct ctreplay *replay)
{
	if (!replay)
		return;
	diag_clear(&replay->diagnostics);
	replay_clear(&replay->replay);
	run_options_clear(&replay->options);
	api_messages_clear(&replay->messages);
	api_view_clear(&replay->view);
	api_coverage_destroy(replay->covered);
	api_account_destroy(replay->account);
	free(replay->look.frame);
	text_clear(&replay->script);
	free(replay->sources);
	arena_clear(&replay->arena);
	free(replay);
}

/* The end of a call: what it had to say, whether or not it did what was asked. */
static bool say(struct ctreplay *replay, bool is_ok)
{
	api_messages_take(&replay->messages, &replay->diagnostics);
	api_messages_take(&replay->messages, &replay->replay.scene.diagnostics);
	if (!is_ok)
		replay->failure = CTREPLAY_BAD_INPUT;
	return is_ok;
}

bool api_fail(struct ctreplay *replay, const char *words)
{
	diag_error_plain(&replay->diagnostics, "%s", words);
	return say(replay, false);
}

static bool fail_to_write(struct ctreplay *replay)
{
	replay->failure = CTREPLAY_SYSTEM_FAILED;
	return false;
}

bool api_is_fresh(struct ctreplay *replay)
{
	api_messages_reset(&replay->messages);
	replay->failure = CTREPLAY_NO_FAILURE;
	return replay->state == API_FRESH || api_fail(replay, "it was opened already");
}

bool ctreplay_set(struct ctreplay *replay, const char *option, const char *value)
{
	const char *kept = value ? arena_copy_string(&replay->arena, value) : NULL;
	bool is_ok;

	if (!api_is_fresh(replay))
		return false;
	if (strcmp(option, "read") == 0 && replay->replay.scene.script)
		return api_fail(replay, "a packet script that is in memory is the only capture");
	if (strcmp(option, "rules") == 0 && kept)
		is_ok = run_option_table.store_word(&replay->options, kept, &replay->diagnostics);
	else
		is_ok = cli_options_store(&shown_option_table, option, kept, &replay->options, &replay->diagnostics);
	return say(replay, is_ok);
}

static bool use_script(struct ctreplay *replay, const char *name, const char *text, size_t len)
{
	if (replay->options.capture || replay->replay.scene.script) {
		diag_error_plain(&replay->diagnostics, "a packet script that is in memory is the only capture");
		return false;
	}
	text_append_bytes(&replay->script, text, len);
	replay->replay.scene.script = &replay->script;
	replay->replay.scene.script_name = arena_copy_string(&replay->arena, name);
	return true;
}

bool ctreplay_set_text(struct ctreplay *replay, const char *option, const char *name, const char *text, size_t len)
{
	struct rules_files *rules = &replay->options.rules;
	bool is_ok = true;

	if (!api_is_fresh(replay))
		return false;
	if (len >= UINT32_MAX)
		return api_fail(replay, "the text is too long");
	if (strcmp(option, "rules") == 0)
		rules_files_add_text(rules, name, text, len, FAMILY_NONE);
	else if (strcmp(option, "4") == 0)
		rules_files_add_text(rules, name, text, len, FAMILY_IPV4);
	else if (strcmp(option, "6") == 0)
		rules_files_add_text(rules, name, text, len, FAMILY_IPV6);
	else if (strcmp(option, "ipset") == 0)
		rules_files_add_sets_text(rules, name, text, len);
	else if (strcmp(option, "read") == 0)
		is_ok = use_script(replay, name, text, len);
	else if (strcmp(option, "host") == 0)
		is_ok = run_options_describe_host(&replay->options, name, text, len, &replay->diagnostics);
	else
		return api_fail(replay, "a text may be rules, 4, 6, ipset, host or read");
	return say(replay, is_ok);
}

bool ctreplay_load(struct ctreplay *replay)
{
	if (!api_is_fresh(replay))
		return false;
	if (replay->replay.scene.ruleset)
		return api_fail(replay, "it has rules already");
	if (!replay->options.rules.n_files)
		return api_fail(replay, "no rules: name one or more files of iptables rules");
	return say(replay, scene_load_rules(&replay->replay.scene));
}

bool ctreplay_borrow_rules(struct ctreplay *replay, const struct ctreplay *owner)
{
	if (!api_is_fresh(replay))
		return false;
	if (!owner->replay.scene.ruleset || replay->replay.scene.ruleset)
		return api_fail(replay, "rules are borrowed from a replay that has loaded them, by one that has none");
	replay->replay.scene.ruleset = owner->replay.scene.ruleset;
	replay->replay.scene.borrows_ruleset = true;
	replay->lender = owner;
	return true;
}

bool ctreplay_output(struct ctreplay *replay, const char *format, ctreplay_write *write, void *owner)
{
	if (!api_is_fresh(replay))
		return false;
	run_options_add_function(&replay->options, arena_copy_string(&replay->arena, format), write, owner);
	return true;
}

bool ctreplay_show(struct ctreplay *replay, const struct ctreplay_screen *screen)
{
	if (!api_is_fresh(replay))
		return false;
	if (screen->size < sizeof(*screen) || !screen->file)
		return api_fail(replay, "a screen needs its size and a file");
	replay->has_screen = true;
	replay->screen = (struct screen){
		.file = screen->file, .has_color = screen->has_color, .columns = screen->columns,
		.view = screen->view ? arena_copy_string(&replay->arena, screen->view) : NULL,
	};
	return true;
}

static void hear(void *owner, const struct event *event)
{
	struct ctreplay *replay = owner;

	if (event->kind == EVENT_WARNING)
		api_messages_warn(&replay->messages, event->warning.text);
	else if (event->kind == EVENT_CHAIN || event->kind == EVENT_COUNTER)
		api_view_hear_counter(&replay->view, event);
	else
		api_view_hear(&replay->view, event);
}

/* All that was named is read, and every output is open. */
static bool open_outputs(struct ctreplay *replay)
{
	if (replay_open_outputs(&replay->replay, replay->has_screen ? &replay->screen : NULL))
		return true;
	say(replay, false);
	return replay->replay.outputs.has_failed_to_open && fail_to_write(replay);
}

/* What is heard of packets costs time: whoever does not look at them does not pay for it. */
static uint32_t heard_kinds(bool is_watched)
{
	return EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_WARNING) | EVENT_BIT(EVENT_CHAIN) | EVENT_BIT(EVENT_COUNTER) | EVENT_BIT(EVENT_SUMMARY) |
	       (is_watched ? API_VIEW_KINDS : 0);
}

void api_watch(struct ctreplay *replay, bool is_watched)
{
	struct stream *stream = &replay->replay.stream;

	if (replay->state == API_RUNNING && replay->is_watched == is_watched)
		return;
	if (!is_watched) {
		replay->view.has_packet = false;
		replay->view.captured = NULL;
	}
	replay->replay.hears_all = is_watched || replay->has_listeners;
	api_account_watch(replay, is_watched);
	if (replay->state == API_OPEN) {
		bool is_heard = stream_add(stream, heard_kinds(is_watched), hear, replay);

		assert(is_heard);	/* outputs leave room for it */
		api_coverage_start(replay);
		replay->state = API_RUNNING;
		replay_start(&replay->replay);
	} else {
		stream_change(stream, replay, heard_kinds(is_watched));
	}
	replay->is_watched = is_watched;
}

bool ctreplay_open(struct ctreplay *replay)
{
	if (!api_is_fresh(replay))
		return false;
	replay->state = API_FAILED;
	if (!say(replay, replay_open(&replay->replay)) || !open_outputs(replay))
		return false;
	api_coverage_open(replay);
	replay->state = API_OPEN;
	return true;
}

bool ctreplay_open_for_packets(struct ctreplay *replay, int link_type)
{
	struct scene *scene = &replay->replay.scene;
	int type = link_type == API_LINKTYPE_RAW ? DLT_RAW : link_type;

	if (!api_is_fresh(replay))
		return false;
	replay->state = API_FAILED;
	if (replay->options.capture || scene->script)
		return api_fail(replay, "packets are pushed, or read from a capture: not both");
	if (!decode_supports_link_type(type))
		return api_fail(replay, "packets of this link type cannot be replayed");
	scene->pushed = pushed_open(type);
	if (scene_load(scene)) {
		api_coverage_open(replay);
		replay->state = API_OPEN;
	}
	return say(replay, replay->state == API_OPEN);
}

/* The beginning of a call that replays. */
static bool is_ready(struct ctreplay *replay, bool is_for_pushing)
{
	bool is_pushed = replay->replay.scene.pushed != NULL;

	api_messages_reset(&replay->messages);
	replay->failure = CTREPLAY_NO_FAILURE;
	/* What happened since a packet was looked at belongs to its step. */
	if (!replay->look.packet) {
		replay->view.n_events = 0;
		api_account_reset(replay->account);
	}
	if (replay->state == API_FRESH)
		return api_fail(replay, "it was not opened yet");
	if (replay->state == API_FAILED)
		return api_fail(replay, "it could not be opened");
	if (replay->state == API_FINISHED)
		return api_fail(replay, "it is finished");
	if (is_pushed != is_for_pushing)
		return api_fail(replay, is_pushed ? "packets are pushed" : "packets come from a capture");
	return true;
}

/* No packet came: was that the end? */
static enum ctreplay_result end(struct ctreplay *replay)
{
	if (outputs_have_failed(&replay->replay.outputs))
		return api_fail(replay, "an output could not be written"), fail_to_write(replay), CTREPLAY_ERROR;
	if (!replay_has_failed(&replay->replay))
		return CTREPLAY_END;
	return api_fail(replay, text_string(&replay->replay.scene.capture.source->error)), CTREPLAY_ERROR;
}

static enum ctreplay_result replay_one(struct ctreplay *replay, struct packet *packet)
{
	if (!packet)
		return end(replay);
	api_account_begin(replay);
	replay_step(&replay->replay, packet);
	api_account_end(replay, packet);
	return CTREPLAY_PACKET;
}

static enum ctreplay_result go(struct ctreplay *replay)
{
	api_go(replay);
	return CTREPLAY_PACKET;
}

/* The same, of one that has a capture. */
static bool has_packets(struct ctreplay *replay)
{
	return is_ready(replay, false) && (!replay->is_compared || api_fail(replay, "it was compared: its packets are over"));
}

enum ctreplay_result ctreplay_step(struct ctreplay *replay)
{
	if (!has_packets(replay))
		return CTREPLAY_ERROR;
	api_watch(replay, true);
	return replay->look.packet ? go(replay) : replay_one(replay, replay_next(&replay->replay));
}

enum ctreplay_result ctreplay_look(struct ctreplay *replay)
{
	struct packet *packet;

	if (!has_packets(replay))
		return CTREPLAY_ERROR;
	if (replay->look.packet)
		return CTREPLAY_PACKET;
	api_watch(replay, true);
	packet = replay_next(&replay->replay);
	if (!packet)
		return end(replay);
	api_look(replay, packet);
	return CTREPLAY_PACKET;
}

enum ctreplay_result ctreplay_run(struct ctreplay *replay, uint64_t n)
{
	struct packet *packet;

	if (!has_packets(replay))
		return CTREPLAY_ERROR;
	api_watch(replay, false);
	if (replay->look.packet && n) {
		go(replay);
		n--;
	}
	for (; n && (packet = replay_next(&replay->replay)); n--)
		replay_step(&replay->replay, packet);
	return n ? end(replay) : CTREPLAY_PACKET;
}

enum ctreplay_result ctreplay_compare(struct ctreplay *first, struct ctreplay *second, ctreplay_differ *differ, void *owner)
{
	if (!has_packets(first))
		return CTREPLAY_ERROR;
	if (first == second || first->state != API_OPEN || second->state != API_OPEN || second->replay.scene.pushed)
		return api_fail(first, "two replays are compared that were opened with a capture and have replayed nothing"), CTREPLAY_ERROR;
	return api_compare(first, second, differ, owner) ? end(first) : CTREPLAY_PACKET;
}

void ctreplay_interrupt(struct ctreplay *replay)
{
	atomic_store(&replay->replay.is_interrupted, true);
}

/* Differences of two times, and what is added to them, must fit. */
static bool is_time(int64_t unix_ns)
{
	return unix_ns >= 0 && unix_ns <= INT64_MAX / 2;
}

/* The first packet: what may look at one before it is replayed. */
static struct packet *begin_with(struct ctreplay *replay, const struct pushed_frame *frame)
{
	struct scene *scene = &replay->replay.scene;

	pushed_put(scene->pushed, frame);
	replay->state = API_FAILED;
	if (!say(replay, scene_meet_packets(scene)) || !open_outputs(replay))
		return NULL;
	replay->state = API_OPEN;
	api_watch(replay, true);
	return replay_next(&replay->replay);
}

enum ctreplay_result ctreplay_push(struct ctreplay *replay, const struct ctreplay_frame *frame)
{
	static const enum link_direction directions[] = { LINK_UNKNOWN, LINK_IN, LINK_OUT };
	struct pushed_frame pushed = {
		.bytes = frame->bytes, .len = frame->len, .original_len = frame->original_len ? frame->original_len : frame->len,
		.absolute_ns = frame->unix_ns, .interface = frame->interface,
	};
	struct packet *packet;

	if (!is_ready(replay, true))
		return CTREPLAY_ERROR;
	if (frame->size < sizeof(*frame) || frame->way > CTREPLAY_WENT_OUT || !is_time(frame->unix_ns))
		return api_fail(replay, "a frame needs its size, and a time between 1970 and 2116"), CTREPLAY_ERROR;
	pushed.direction = directions[frame->way];
	packet = replay->state == API_OPEN ? begin_with(replay, &pushed) : replay_push(&replay->replay, &pushed);
	if (replay->state == API_FAILED)
		return CTREPLAY_ERROR;
	return replay_one(replay, packet);
}

enum ctreplay_result ctreplay_wait(struct ctreplay *replay, int64_t unix_ns)
{
	if (!is_ready(replay, true))
		return CTREPLAY_ERROR;
	if (!is_time(unix_ns))
		return api_fail(replay, "a time lies between 1970 and 2116"), CTREPLAY_ERROR;
	if (replay->state == API_RUNNING)
		replay_wait(&replay->replay, (struct vtime){ .ns = unix_ns - replay->view.origin_ns });
	return CTREPLAY_END;
}

void ctreplay_before_fork(struct ctreplay *replay)
{
	struct packet_source *source = replay->replay.scene.capture.source;

	if (source)
		packet_source_mark(source);
}

bool ctreplay_after_fork(struct ctreplay *replay)
{
	struct packet_source *source = replay->replay.scene.capture.source;

	/* Threads are not copied. */
	if (replay->replay.feed || replay->replay.outputs.relay)
		return false;
	return !source || packet_source_resume(source);
}

bool ctreplay_finish(struct ctreplay *replay)
{
	bool is_pushed = replay->replay.scene.pushed != NULL, is_written;

	replay->look.packet = NULL;
	if (!is_ready(replay, is_pushed))
		return false;
	if (replay->state == API_OPEN && is_pushed) {
		replay->state = API_FINISHED;
		return true;
	}
	if (replay->state == API_OPEN)
		api_watch(replay, false);
	replay->view.n_counters = 0;
	is_written = replay_finish(&replay->replay);
	replay->view.n_entries = 0;
	replay->view.summary.n_read = replay->replay.count.n_packets;
	replay->view.summary.n_shown = replay->replay.count.n_shown;
	replay->state = API_FINISHED;
	if (say(replay, is_written && replay->replay.scene.diagnostics.n_errors == 0))
		return true;
	return !is_written && fail_to_write(replay);
}
