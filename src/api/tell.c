/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a replay tells of itself, when it is asked. */
#include <assert.h>
#include <string.h>

#include "api/api.h"
#include "base/alloc.h"
#include "packet/summary.h"

const struct ctreplay_packet *ctreplay_packet(const struct ctreplay *replay)
{
	return replay->view.has_packet ? &replay->view.packet : NULL;
}

static size_t describe(const struct ctreplay *replay, unsigned parts, char *room, size_t size)
{
	struct text text;
	size_t len;

	text_init(&text);
	if (replay->view.captured && replay->state == API_RUNNING)
		summary_print_parts(replay->view.captured, parts, &text);
	len = text.len;
	if (size) {
		size_t n = len < size ? len : size - 1;

		memcpy(room, text_string(&text), n);
		room[n] = '\0';
	}
	text_clear(&text);
	return len;
}

size_t ctreplay_describe(const struct ctreplay *replay, char *room, size_t size)
{
	return describe(replay, SUMMARY_ADDRESSES | SUMMARY_TCP_NUMBERS, room, size);
}

size_t ctreplay_describe_briefly(const struct ctreplay *replay, char *room, size_t size)
{
	return describe(replay, SUMMARY_ADDRESSES, room, size);
}

const struct ctreplay_event *ctreplay_events(const struct ctreplay *replay, size_t *n)
{
	*n = replay->view.n_events;
	return replay->view.events;
}

const struct ctreplay_entry *ctreplay_entries(struct ctreplay *replay, size_t *n)
{
	struct stream stream;

	replay->view.n_entries = 0;
	if (replay->state == API_RUNNING) {
		stream_init(&stream);
		stream_add(&stream, EVENT_BIT(EVENT_ENTRY), api_view_hear_entry, &replay->view);
		simulator_list(replay->replay.simulator, &stream);
	}
	*n = replay->view.n_entries;
	return replay->view.entries;
}

const struct ctreplay_counter *ctreplay_counters(struct ctreplay *replay, size_t *n)
{
	struct stream stream;

	if (replay->state == API_OPEN) {
		replay->view.n_counters = 0;
		scene_visit_rules(&replay->replay.scene, api_view_hear_counter, &replay->view);
	} else if (replay->state == API_RUNNING) {
		replay->view.n_counters = 0;
		stream_init(&stream);
		stream_add(&stream, EVENT_BIT(EVENT_CHAIN) | EVENT_BIT(EVENT_COUNTER), api_view_hear_counter, &replay->view);
		simulator_count(replay->replay.simulator, &stream);
	}
	*n = replay->view.n_counters;
	return replay->view.counters;
}

const struct ctreplay_source *ctreplay_sources(struct ctreplay *replay, size_t *n)
{
	const struct rules_files *rules = &replay->options.rules;

	*n = replay->replay.scene.ruleset && !replay->replay.scene.borrows_ruleset ? rules->n_files : 0;
	replay->sources = alloc_resize(replay->sources, *n + 1, sizeof(*replay->sources));
	for (size_t i = 0; i < *n; i++)
		replay->sources[i] = (struct ctreplay_source){ rules->files[i].source.name, rules->files[i].source.text, rules->files[i].source.len };
	return replay->sources;
}

const struct ctreplay_comparison *ctreplay_comparison(const struct ctreplay *first)
{
	return first->has_comparison ? &first->comparison : NULL;
}

const char *ctreplay_host(const struct ctreplay *replay)
{
	return text_string(&replay->replay.scene.host);
}

const struct ctreplay_summary *ctreplay_summary(const struct ctreplay *replay)
{
	return replay->view.has_summary ? &replay->view.summary : NULL;
}

enum ctreplay_failure ctreplay_failure(const struct ctreplay *replay)
{
	return replay->failure;
}

const char *ctreplay_verdict_name(enum ctreplay_verdict verdict)
{
	return verdict_name((enum verdict)verdict);
}

const char *ctreplay_ctstate_name(enum ctreplay_ctstate ctstate)
{
	return ctstate_name((enum ctstate)ctstate);
}

const char *ctreplay_address_text(const struct ctreplay_address *address, char *room)
{
	struct address parsed = address_from_bytes((enum family)address->family, address->bytes);
	struct text text;

	text_init(&text);
	if (address->family)
		address_print((enum family)address->family, &parsed, &text);
	assert(text.len < CTREPLAY_ADDRESS_ROOM);
	memcpy(room, text_string(&text), text.len + 1);
	text_clear(&text);
	return room;
}
