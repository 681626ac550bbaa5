/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands behind struct ctreplay. */
#ifndef API_API_H
#define API_API_H

#include "api/ctreplay.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/text.h"
#include "replay/replay.h"
#include "replay/run_options.h"

/* What the last call had to say. */
struct api_messages {
	struct arena arena;		/* of their strings */
	struct ctreplay_message *messages;	/* owned array */
	size_t n_messages, capacity;
	struct text text;
};

void api_messages_init(struct api_messages *messages);
void api_messages_clear(struct api_messages *messages);
void api_messages_reset(struct api_messages *messages);

/* Takes what `diagnostics` holds, and empties it. */
void api_messages_take(struct api_messages *messages, struct diagnostics *diagnostics);
void api_messages_warn(struct api_messages *messages, const char *words);

/* What the engine has said, in the API's terms. */
struct api_view {
	struct ctreplay_packet packet;
	bool has_packet;
	const struct packet *captured;	/* the same packet, until the next one; borrowed */
	struct ctreplay_rule decided_by, unsimulated;
	struct ctreplay_rule *matched;	/* owned arrays from here on */
	size_t matched_capacity;
	struct ctreplay_entry entry;
	char invalid_reason[COMPLAINT_ROOM];
	struct ctreplay_event *events;
	size_t n_events, events_capacity;
	struct ctreplay_entry *entries;
	size_t n_entries, entries_capacity;
	struct ctreplay_counter *counters;
	size_t n_counters, counters_capacity;
	struct ctreplay_summary summary;
	bool has_summary;
	int64_t origin_ns;
};

void api_view_clear(struct api_view *view);

/* Listeners. The first hears API_VIEW_KINDS of the replay's own stream, the others a listing each. */
enum { API_VIEW_KINDS = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_PACKET) | EVENT_BIT(EVENT_CONNTRACK) | EVENT_BIT(EVENT_SUMMARY) };
void api_view_hear(void *view, const struct event *event);
void api_view_hear_entry(void *view, const struct event *event);
void api_view_hear_counter(void *view, const struct event *event);

struct ctreplay {
	struct arena arena;		/* of what the caller said */
	struct screen screen;
	bool has_screen;
	struct run_options options;
	struct diagnostics diagnostics;	/* of options */
	struct replay replay;
	struct api_messages messages;
	struct api_view view;
	enum { API_FRESH, API_OPEN, API_RUNNING, API_FINISHED, API_FAILED } state;	/* OPEN: waits for the first packet */
	bool has_listeners;		/* of this tree (api/inside.h) */
	bool is_watched;		/* packets and events are put into the view */
	enum ctreplay_failure failure;	/* of the last call */
};

/* Before a packet: from now on packets are looked at, or not. The replay begins with the first. */
void api_watch(struct ctreplay *replay, bool is_watched);

#endif
