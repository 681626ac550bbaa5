/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "event/stream.h"

#include <assert.h>
#include <string.h>

static_assert(EVENT_KIND_COUNT <= 29, "EVENT_PACKET_LEFT and its like are bits of their own");

static const char *const kind_names[EVENT_KIND_COUNT] = {
	[EVENT_RUN] = "run",
	[EVENT_HOOK] = "hook",
	[EVENT_RULE] = "rule",
	[EVENT_TRANSITION] = "transition",
	[EVENT_CONNTRACK] = "event",
	[EVENT_EXPECTATION] = "expectation",
	[EVENT_LOG] = "log",
	[EVENT_BINDING] = "binding",
	[EVENT_TRACE] = "trace",
	[EVENT_FRAGMENTS] = "fragments",
	[EVENT_ACTION] = "action",
	[EVENT_REPLY] = "reply",
	[EVENT_PACKET] = "packet",
	[EVENT_OUTCOME] = "outcome",
	[EVENT_SNAPSHOT] = "snapshot",
	[EVENT_ENTRY] = "entry",
	[EVENT_EXPECTATION_ENTRY] = "expectation_entry",
	[EVENT_SET] = "set",
	[EVENT_CHAIN] = "chain",
	[EVENT_COUNTER] = "counter",
	[EVENT_FINDING] = "finding",
	[EVENT_WARNING] = "warning",
	[EVENT_SUMMARY] = "summary",
	[EVENT_LOOKUP] = "lookup",
	[EVENT_MISS] = "miss",
	[EVENT_STEP] = "step",
	[EVENT_ROUTE] = "route",
	[EVENT_PROBE] = "probe",
	[EVENT_BUCKET] = "bucket",
};

const char *event_kind_name(enum event_kind kind)
{
	return kind < EVENT_KIND_COUNT ? kind_names[kind] : "unknown";
}

void stream_init(struct stream *stream)
{
	memset(stream, 0, sizeof(*stream));
}

bool stream_add(struct stream *stream, uint32_t kinds, stream_listener *listener, void *owner)
{
	if (stream->n_listeners == STREAM_MOST_LISTENERS)
		return false;
	stream->listeners[stream->n_listeners].listener = listener;
	stream->listeners[stream->n_listeners].owner = owner;
	stream->listeners[stream->n_listeners++].kinds = kinds;
	stream->all_kinds |= kinds;
	stream->kinds = stream->all_kinds;
	return true;
}

void stream_change(struct stream *stream, const void *owner, uint32_t kinds)
{
	stream->all_kinds = 0;
	for (size_t i = 0; i < stream->n_listeners; i++) {
		if (stream->listeners[i].owner == owner)
			stream->listeners[i].kinds = kinds;
		stream->all_kinds |= stream->listeners[i].kinds;
	}
	stream->kinds = stream->all_kinds;
}

void stream_emit(struct stream *stream, struct event *event)
{
	event->packet = stream->packet;
	event->time = stream->time;
	for (size_t i = 0; i < stream->n_listeners; i++)
		if (stream->listeners[i].kinds & EVENT_BIT(event->kind))
			stream->listeners[i].listener(stream->listeners[i].owner, event);
}
