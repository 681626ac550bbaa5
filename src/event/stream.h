/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way from the engine to the sinks: one emitter, many listeners.
 *
 * The engine asks stream_wants() before it builds an event, so what nobody listens to
 * costs one test. Listeners are called in the order in which they were added.
 */
#ifndef EVENT_STREAM_H
#define EVENT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

typedef void stream_listener(void *owner, const struct event *event);

enum { STREAM_MOST_LISTENERS = 32 };

struct stream {
	struct {
		stream_listener *listener;
		void *owner;
		uint32_t kinds;		/* EVENT_BIT()s, EVENT_PACKET_LEFT and its like */
	} listeners[STREAM_MOST_LISTENERS];
	size_t n_listeners;
	uint32_t all_kinds;		/* union of all */
	uint32_t kinds;			/* those of them that are wanted now */
	uint64_t packet;		/* stamped on every event */
	struct vtime time;		/* stamped likewise; the engine moves it */
};

void stream_init(struct stream *stream);

/* False when there are too many listeners. */
bool stream_add(struct stream *stream, uint32_t kinds, stream_listener *listener, void *owner);

/* From now on the owner's listener hears these kinds instead. */
void stream_change(struct stream *stream, const void *owner, uint32_t kinds);

/* While a packet that nobody wants to hear of travels: what happens on its way is not built at all. */
static inline void stream_mute(struct stream *stream, bool is_muted)
{
	stream->kinds = is_muted ? stream->all_kinds & ~EVENT_JOURNEY_KINDS : stream->all_kinds;
}

static inline bool stream_wants(const struct stream *stream, enum event_kind kind)
{
	return (stream->kinds & EVENT_BIT(kind)) != 0;
}

static inline bool stream_wants_left(const struct stream *stream)
{
	return (stream->kinds & EVENT_PACKET_LEFT) != 0;
}

static inline bool stream_wants_phantoms(const struct stream *stream)
{
	return (stream->kinds & EVENT_PACKET_PHANTOM) != 0;
}

static inline bool stream_wants_matched(const struct stream *stream)
{
	return (stream->kinds & EVENT_OUTCOME_MATCHED) != 0;
}

/* Stamps packet number and time, then calls every listener that wants the kind. */
void stream_emit(struct stream *stream, struct event *event);

#endif
