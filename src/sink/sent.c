/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The packets that got through, and those that the host made, as they left: after NAT, TTL, mangling; in pieces where they left so. */
#include <stdlib.h>

#include "base/alloc.h"
#include "packet/split.h"
#include "sink/raw_capture.h"
#include "sink/sink.h"

struct sent {
	struct raw_capture *capture;	/* owned */
	uint8_t *piece;			/* owned; room for one */
	size_t capacity;
};

static void *open_sent(const struct sink_options *options, struct output *output)
{
	struct sent *sent = alloc_zeroed(1, sizeof(*sent));

	(void)options;
	sent->capture = raw_capture_open(output);
	return sent;
}

static void write_pieces(struct sent *sent, const struct event *event)
{
	const struct packet *packet = event->journey.as_left;
	size_t room = (size_t)packet->len + SPLIT_MOST_HEADER;
	struct splitting splitting;
	uint32_t len, total_len;

	if (sent->capacity < room) {
		sent->capacity = alloc_grown_capacity(sent->capacity, room);
		sent->piece = alloc_resize(sent->piece, sent->capacity, 1);
	}
	splitting_begin(&splitting, packet, event->journey.split);
	while ((len = splitting_next(&splitting, sent->piece, &total_len)) > 0)
		raw_capture_append_bytes(sent->capture, sent->piece, len, total_len, event->time);
}

static void on_event(void *state, const struct event *event)
{
	struct sent *sent = state;

	if (event->kind == EVENT_RUN)
		raw_capture_begin(sent->capture, &event->run);
	else if (event->kind == EVENT_REPLY && event->reply.verdict == VERDICT_ACCEPT)
		raw_capture_append(sent->capture, event->reply.packet, event->time);
	else if (event->kind == EVENT_PACKET && event->journey.as_left && event->journey.split)
		write_pieces(sent, event);
	else if (event->kind == EVENT_PACKET && event->journey.as_left)
		raw_capture_append(sent->capture, event->journey.as_left, event->time);
}

static void close_sent(void *state)
{
	struct sent *sent = state;

	raw_capture_close(sent->capture);
	free(sent->piece);
	free(sent);
}

const struct sink_type sink_sent = {
	.name = "sent",
	.summary = "a capture of the packets that got through, as they left: after NAT",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_REPLY) | EVENT_BIT(EVENT_PACKET),
	.wants_left = true,
	.wants_frames = true,
	.open = open_sent,
	.on_event = on_event,
	.close = close_sent,
};
